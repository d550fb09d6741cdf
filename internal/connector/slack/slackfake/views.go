package slackfake

import (
	"fmt"
	"slices"
)

// Slack's limits on views.
const (
	stackMost   = 3
	titleText   = 24
	privateMax  = 3000
	callbackMax = 255
)

// View is a modal or an App Home as one person sees it, with what they have filled in so far.
type View struct {
	w    *Workspace
	user *User

	id, hash       string
	root, previous string
	spec           obj // as the app gave it, settled
	values         states
	suggested      map[string][]obj // what an external_select offered last, by its place
	closed         bool
	faults         []error // what Fill could not do; Submit gives them back
}

func (v *View) kind() string { return str(v.spec, "type") }

// json is the view as payloads carry it. The caller holds w.mu.
func (v *View) json() obj {
	out := obj{
		"id": v.id, "team_id": v.w.opts.TeamID, "app_id": v.w.opts.AppID, "bot_id": v.w.opts.BotID,
		"app_installed_team_id": v.w.opts.TeamID, "hash": v.hash, "root_view_id": v.root, "previous_view_id": nil,
		"state": obj{"values": stateJSON(objects(v.spec["blocks"]), v.values)}, "type": v.kind(),
		"title": nil, "submit": nil, "close": nil, "private_metadata": "", "callback_id": "", "external_id": "",
		"clear_on_close": false, "notify_on_close": false, "submit_disabled": false,
	}
	if v.previous != "" {
		out["previous_view_id"] = v.previous
	}
	for key, value := range v.spec {
		out[key] = value
	}
	return clone(out)
}

// readView reads and checks the view argument of a call.
func (w *Workspace) readView(c *call, kind string) (obj, error) {
	value, ok := c.value("view")
	spec, isObject := value.(obj)
	if !ok || !isObject {
		return nil, badArgument("missing required field: view", "view")
	}
	if problems := checkView(spec, kind); len(problems) > 0 {
		return nil, &failure{code: "invalid_arguments", messages: problems}
	}
	return w.settleView(spec), nil
}

func (w *Workspace) settleView(spec obj) obj {
	out := clone(spec)
	blocks, _ := out["blocks"].([]any)
	out["blocks"] = w.settleBlocks(blocks)
	return out
}

// checkView lists what is wrong with a view.
func checkView(spec obj, kind string) []string {
	on, known := inHome, []string{"type", "blocks", "private_metadata", "callback_id", "external_id"}
	if kind == "modal" {
		on, known = inModal, append(known, "title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
	}
	blocks, isList := spec["blocks"].([]any)
	c := checkBlocks(on, "/view", blocks, viewBlocks)
	if !isList {
		c.fail("/view/blocks", "must provide an array")
	}
	if str(spec, "type") != kind {
		c.fail("/view/type", "must be %s", kind)
		return c.problems
	}
	c.only("/view", spec, known...)
	c.str("/view", spec, "private_metadata", 0, privateMax)
	c.str("/view", spec, "callback_id", 0, callbackMax)
	c.str("/view", spec, "external_id", 0, callbackMax)
	if kind == "modal" {
		c.modal(spec)
	}
	return c.problems
}

func (c *checker) modal(spec obj) {
	c.needText("/view", spec, "title", true, titleText)
	c.optText("/view", spec, "close", true, titleText)
	c.flags("/view", spec, "clear_on_close", "notify_on_close", "submit_disabled")
	if c.inputs > 0 {
		c.needText("/view", spec, "submit", true, titleText)
		return
	}
	c.optText("/view", spec, "submit", true, titleText)
}

// newView makes a view of a person. The caller holds w.mu.
func (w *Workspace) newView(u *User, spec obj) *View {
	v := &View{w: w, user: u, id: w.id("V"), spec: spec, values: states{}, suggested: map[string][]obj{}}
	v.root = v.id
	v.rehash()
	v.prefill()
	return v
}

func (v *View) rehash() {
	v.w.sequence++
	v.hash = fmt.Sprintf("%d.%08x", v.w.opts.Now().Unix(), v.w.sequence)
}

// replace gives the view new contents. What was filled in stays where block_id and action_id are the same.
func (v *View) replace(spec obj) {
	old := v.values
	v.spec, v.values, v.suggested = spec, states{}, map[string][]obj{}
	v.prefill()
	for _, e := range statefulElements(objects(spec["blocks"])) {
		if value := old[e.block][e.action]; value != nil && str(value, "type") == str(e.spec, "type") {
			v.values.set(e.block, e.action, value)
		}
	}
	v.rehash()
}

func (w *Workspace) viewsOpen(c *call) (obj, error) {
	t, err := w.exchange(c)
	if err != nil {
		return nil, err
	}
	spec, err := w.readView(c, "modal")
	if err != nil {
		return nil, err
	}
	if w.external(str(spec, "external_id")) != nil {
		return nil, refuse("duplicate_external_id")
	}
	t.used = true
	for _, old := range w.modals[t.user.id] {
		old.closed = true
	}
	v := w.newView(t.user, spec)
	w.modals[t.user.id] = []*View{v}
	w.noteView(ViewOpened, v)
	return obj{"view": v.json()}, nil
}

func (w *Workspace) viewsPush(c *call) (obj, error) {
	t, err := w.exchange(c)
	if err != nil {
		return nil, err
	}
	spec, err := w.readView(c, "modal")
	if err != nil {
		return nil, err
	}
	if t.view == nil || t.view.closed || t.view.kind() != "modal" {
		return nil, refuse("not_found")
	}
	if w.external(str(spec, "external_id")) != nil {
		return nil, refuse("duplicate_external_id")
	}
	v, err := w.stack(t.user, spec)
	if err != nil {
		return nil, err
	}
	t.used = true
	return obj{"view": v.json()}, nil
}

// stack puts a view on top of a person's modals. The caller holds w.mu.
func (w *Workspace) stack(u *User, spec obj) (*View, error) {
	below := w.modals[u.id]
	if len(below) >= stackMost {
		return nil, refuse("push_limit_reached")
	}
	v := w.newView(u, spec)
	if n := len(below); n > 0 {
		v.root, v.previous = below[0].id, below[n-1].id
	}
	w.modals[u.id] = append(slices.Clone(below), v)
	w.noteView(ViewPushed, v)
	return v, nil
}

func (w *Workspace) viewsUpdate(c *call) (obj, error) {
	v, err := w.namedView(c)
	if err != nil {
		return nil, err
	}
	spec, err := w.readView(c, v.kind())
	if err != nil {
		return nil, err
	}
	if hash, err := c.str("hash"); err != nil || hash != "" && hash != v.hash {
		return nil, refuse("hash_conflict")
	}
	if other := w.external(str(spec, "external_id")); other != nil && other != v {
		return nil, refuse("duplicate_external_id")
	}
	v.replace(spec)
	w.noteView(ViewUpdated, v)
	return obj{"view": v.json()}, nil
}

// namedView finds the open view that a call names by its id or its external id.
func (w *Workspace) namedView(c *call) (*View, error) {
	id, err := c.str("view_id")
	if err != nil {
		return nil, err
	}
	external, err := c.str("external_id")
	if err != nil {
		return nil, err
	}
	if (id == "") == (external == "") {
		return nil, badArgument("exactly one of view_id and external_id is required", "view_id")
	}
	if v := w.external(external); v != nil {
		return v, nil
	}
	for _, v := range w.openViews() {
		if id != "" && v.id == id {
			return v, nil
		}
	}
	return nil, refuse("not_found")
}

func (w *Workspace) openViews() []*View {
	var out []*View
	for _, stack := range w.modals {
		out = append(out, stack...)
	}
	for _, home := range w.homes {
		out = append(out, home)
	}
	return out
}

func (w *Workspace) external(id string) *View {
	for _, v := range w.openViews() {
		if id != "" && str(v.spec, "external_id") == id {
			return v
		}
	}
	return nil
}

func (w *Workspace) viewsPublish(c *call) (obj, error) {
	id, err := c.need("user_id")
	if err != nil {
		return nil, err
	}
	u := w.user(id)
	if u == nil || u.deactivated {
		return nil, badArgument("invalid `user_id`", "user_id")
	}
	spec, err := w.readView(c, "home")
	if err != nil {
		return nil, err
	}
	v := w.homes[id]
	if hash, err := c.str("hash"); err != nil || hash != "" && (v == nil || hash != v.hash) {
		return nil, refuse("hash_conflict")
	}
	if v == nil || v.kind() == "" {
		v = w.adoptHome(u, v)
	}
	v.replace(spec)
	w.noteView(ViewPublished, v)
	return obj{"view": v.json()}, nil
}

// adoptHome gives a person their App Home; until it is first published it is blank.
func (w *Workspace) adoptHome(u *User, v *View) *View {
	if v == nil {
		v = w.newView(u, obj{})
		w.homes[u.id] = v
	}
	return v
}

func (w *Workspace) noteView(kind Kind, v *View) {
	w.note(Entry{Kind: kind, User: v.user.id, Text: v.render().String(), Detail: v.id})
}

func (v *View) render() *rendering {
	r := &rendering{w: v.w}
	r.line(r.object(sub(v.spec, "title")))
	r.blocks(objects(v.spec["blocks"]))
	return r
}
