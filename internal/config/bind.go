package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// binder puts the values of a decoded file into the fields of a Config. Unlike a
// decoder it goes on after a mistake, so that all of them are reported.
type binder struct {
	*report
	kinds  connector.Kinds
	leaves map[reflect.Type]func(string) (any, error)
}

func newBinder(r *report, s sources, kinds connector.Kinds) *binder {
	return &binder{r, kinds, map[reflect.Type]func(string) (any, error){
		reflect.TypeFor[setting.Secret](): s.secret,
		reflect.TypeFor[time.Duration]():  duration,
		reflect.TypeFor[*time.Location](): zone,
		reflect.TypeFor[netip.Prefix]():   proxy,
	}}
}

// config binds the file. A section that is named like a kind is that kind's.
func (b *binder) config(c *Config, from map[string]any) {
	c.Accounts = map[string]any{}
	fs := fieldsOf(c)
	for _, k := range b.kinds {
		if k.Account != nil {
			c.Accounts[k.Name] = k.Account()
			fs = append(fs, field{k.Name, reflect.ValueOf(c.Accounts[k.Name]).Elem()})
		}
	}
	b.table(fs, from, "")
}

// place binds a [[public]] table: the keys that all have, and those of its kind. Nobody
// can tell which keys belong to an unknown kind, so of such a table nothing else is read.
func (b *binder) place(p *Public, from map[string]any, key string) {
	if kind, ok := from["kind"]; ok {
		b.value(reflect.ValueOf(&p.Kind).Elem(), kind, member(key, "kind"))
	}
	k, ok := b.kinds.Public().Named(p.Kind)
	if !ok {
		return
	}
	p.Settings = k.Settings()
	b.table(append(fieldsOf(p), fieldsOf(p.Settings)...), from, key)
}

// person binds a [[people]] table, in which the keys of accounts are the names of kinds.
func (b *binder) person(p *Person, from map[string]any, key string) {
	fs, desks := fieldsOf(p), b.kinds.Desks()
	accounts := make([]setting.ID, len(desks))
	for i, k := range desks {
		fs = append(fs, field{k.Name, reflect.ValueOf(&accounts[i]).Elem()})
	}
	b.table(fs, from, key)
	p.Accounts = map[string]setting.ID{}
	for i, k := range desks {
		if accounts[i] != "" {
			p.Accounts[k.Name] = accounts[i]
		}
	}
}

// field is where the value of a key goes.
type field struct {
	name string
	into reflect.Value
}

// fieldsOf are those of the struct that section points to, but for the tag "-".
func fieldsOf(section any) []field {
	s := reflect.ValueOf(section).Elem()
	var fs []field
	for i := range s.NumField() {
		if name := s.Type().Field(i).Tag.Get("toml"); name != "-" {
			fs = append(fs, field{name, s.Field(i)})
		}
	}
	return fs
}

// table binds what a section holds. Fields that it does not name keep their
// defaults.
func (b *binder) table(fs []field, from map[string]any, key string) {
	var known []string
	for _, f := range fs {
		known = append(known, f.name)
	}
	for name, value := range from {
		if i := slices.Index(known, name); i >= 0 {
			b.value(fs[i].into, value, member(key, name))
		} else {
			b.add(member(key, name), "unknown key; %s", setting.Choices(name, known))
		}
	}
}

// section binds a table to a struct.
func (b *binder) section(into any, from map[string]any, key string) {
	switch into := into.(type) {
	case *Public:
		b.place(into, from, key)
	case *Person:
		b.person(into, from, key)
	default:
		b.table(fieldsOf(into), from, key)
	}
}

func (b *binder) value(into reflect.Value, from any, key string) {
	bound := false
	switch from := from.(type) {
	case map[string]any:
		if bound = b.isTable(into.Type()); bound {
			b.section(into.Addr().Interface(), from, key)
		}
	case []any:
		if bound = into.Kind() == reflect.Slice; bound {
			b.list(into, from, key)
		}
	case string:
		bound = b.text(into, from, key)
	case int64:
		bound = number(into, from)
	case bool:
		if bound = into.Kind() == reflect.Bool; bound {
			into.SetBool(from)
		}
	}
	if !bound {
		b.add(key, "%s", b.shape(into.Type(), key))
	}
}

// isTable reports whether values of a type have keys of their own.
func (b *binder) isTable(t reflect.Type) bool {
	_, leaf := b.leaves[t]
	return t.Kind() == reflect.Struct && !leaf
}

// list binds a list, which takes the place of the default.
func (b *binder) list(into reflect.Value, from []any, key string) {
	into.Set(reflect.MakeSlice(into.Type(), len(from), len(from)))
	for i, value := range from {
		b.value(into.Index(i), value, entry(key, i+1))
	}
}

// text binds a text, or what a text means to a leaf. It reports whether there
// should be a text at all.
func (b *binder) text(into reflect.Value, from, key string) bool {
	if t := into.Type(); t == reflect.TypeFor[[]setting.Secret]() { // one is written without brackets
		into.Set(reflect.MakeSlice(t, 1, 1))
		return b.text(into.Index(0), from, key)
	}
	if into.Type() == reflect.TypeFor[setting.Secret]() {
		b.note(key, from)
	}
	if parse, ok := b.leaves[into.Type()]; ok {
		value, err := parse(from)
		if err != nil {
			b.add(key, "%v", err)
			return true
		}
		into.Set(reflect.ValueOf(value))
		return true
	}
	if into.Kind() != reflect.String {
		return false
	}
	if strings.HasPrefix(from, "env:") {
		b.add(key, "only secrets can be taken from the environment; write the value itself")
	}
	into.SetString(from)
	return true
}

// note remembers where a secret lies. An address of a store is one only with a password.
func (b *binder) note(key, text string) {
	file, ok := strings.CutPrefix(text, "file:")
	switch {
	case ok:
		b.kept = append(b.kept, kept{key, file})
	case text == "" || strings.HasPrefix(text, "env:") || key == "redis.url" && !strings.Contains(text, "@"):
	default:
		b.kept = append(b.kept, kept{key: key})
	}
}

// number binds a whole number, which an id of a platform may be written as too.
func number(into reflect.Value, from int64) bool {
	switch {
	case into.Kind() == reflect.Int:
		into.SetInt(from)
	case into.Type() == reflect.TypeFor[setting.ID]():
		into.SetString(strconv.FormatInt(from, 10))
	default:
		return false
	}
	return true
}

// shape says how to write a value of a type.
func (b *binder) shape(t reflect.Type, key string) string {
	list, _, inList := strings.Cut(key, "[")
	switch {
	case b.isTable(t) && !inList:
		return fmt.Sprintf("write [%s] in single brackets, once, and its keys below", key)
	case b.isTable(t), t.Kind() == reflect.Slice && b.isTable(t.Elem()):
		return fmt.Sprintf("write [[%s]] in double brackets above every entry", list)
	case t == reflect.TypeFor[[]setting.Secret]():
		return "write a text in quotes: \"…\", or a list of them: [\"new\", \"old\"]"
	case t.Kind() == reflect.Slice:
		return "write a list: [\"one\", \"two\"]"
	case t.Kind() == reflect.Int:
		return "write a whole number without quotes"
	case t.Kind() == reflect.Bool:
		return "write true or false without quotes"
	}
	return "write a text in quotes: \"…\""
}

func duration(s string) (any, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time span; write one such as \"20s\" or \"2m\"", s)
	}
	return d, nil
}

// zone refuses the two names that LoadLocation gives a meaning of their own.
func zone(s string) (any, error) {
	z, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		return nil, fmt.Errorf("there is no time zone %q; write one such as \"Europe/Riga\"", s)
	}
	return z, nil
}

func proxy(s string) (any, error) {
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.Prefix(ip.BitLen())
	}
	network, err := netip.ParsePrefix(s)
	if err != nil {
		return nil, fmt.Errorf("%q is no network; write an address such as \"10.0.0.7\" or a network such as \"10.0.0.0/8\"", s)
	}
	return network.Masked(), nil
}
