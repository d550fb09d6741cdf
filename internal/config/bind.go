package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"

	"experthour/internal/setting"
)

// binder puts the values of a decoded file into the fields of a Config. Unlike a
// decoder it goes on after a mistake, so that all of them are reported.
type binder struct {
	*report
	leaves map[reflect.Type]func(string) (any, error)
}

func newBinder(r *report, s sources) *binder {
	return &binder{r, map[reflect.Type]func(string) (any, error){
		reflect.TypeFor[setting.Secret](): s.secret,
		reflect.TypeFor[time.Duration]():  duration,
		reflect.TypeFor[*time.Location](): zone,
		reflect.TypeFor[netip.Prefix]():   proxy,
	}}
}

// table binds what a section holds. Fields that it does not name keep their
// defaults.
func (b *binder) table(into reflect.Value, from map[string]any, key string) {
	fields := map[string]reflect.Value{}
	var known []string
	for i := range into.NumField() {
		name := into.Type().Field(i).Tag.Get("toml")
		fields[name], known = into.Field(i), append(known, name)
	}
	for name, value := range from {
		if field, ok := fields[name]; ok {
			b.value(field, value, member(key, name))
		} else {
			b.add(member(key, name), "unknown key; %s", setting.Choices(name, known))
		}
	}
}

func (b *binder) value(into reflect.Value, from any, key string) {
	bound := false
	switch from := from.(type) {
	case map[string]any:
		if bound = b.isTable(into.Type()); bound {
			b.table(into, from, key)
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
