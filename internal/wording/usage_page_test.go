package wording

import (
	"os"
	"testing"
	"text/template/parse"
)

// usesInPage finds {{t "id" …}} and {{n "id" number …}}, at any depth of a page.
func usesInPage(t *testing.T, name string) []use {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return usesInText(t, name, string(b))
}

func usesInText(t *testing.T, name, text string) []use {
	t.Helper()
	page := parse.New(name)
	page.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := page.Parse(text, "", "", trees); err != nil {
		t.Errorf("%v", err)
		return nil
	}
	r := pageReader{}
	for _, tree := range trees {
		r.tree = tree
		r.walk(tree.Root)
	}
	return r.found
}

// A pageReader walks a parsed page.
type pageReader struct {
	tree  *parse.Tree
	found []use
}

func (r *pageReader) walk(n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			r.walkAll(n.Nodes)
		}
	case *parse.ActionNode:
		r.walk(n.Pipe)
	case *parse.IfNode:
		r.branch(n.BranchNode)
	case *parse.RangeNode:
		r.branch(n.BranchNode)
	case *parse.WithNode:
		r.branch(n.BranchNode)
	case *parse.TemplateNode:
		r.walk(n.Pipe)
	case *parse.PipeNode:
		r.pipe(n)
	case *parse.ChainNode:
		r.walk(n.Node)
	}
}

func (r *pageReader) walkAll(nodes []parse.Node) {
	for _, n := range nodes {
		r.walk(n)
	}
}

func (r *pageReader) branch(b parse.BranchNode) {
	r.walk(b.Pipe)
	r.walk(b.List)
	r.walk(b.ElseList)
}

func (r *pageReader) pipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		if u, ok := useInAction(c); ok {
			u.where, _ = r.tree.ErrorContext(c)
			r.found = append(r.found, u)
		}
		r.walkAll(c.Args)
	}
}

func useInAction(c *parse.CommandNode) (use, bool) {
	first := map[string]int{"t": 2, "n": 3}
	f, ok := c.Args[0].(*parse.IdentifierNode)
	if !ok || first[f.Ident] == 0 || len(c.Args) < 2 {
		return use{}, false
	}
	id, ok := c.Args[1].(*parse.StringNode)
	if !ok {
		return use{}, false
	}
	u := use{id: id.Text, counted: f.Ident == "n", names: []string{}}
	for i := first[f.Ident]; i < len(c.Args); i += 2 {
		s, ok := c.Args[i].(*parse.StringNode)
		if !ok {
			u.names = nil
			return u, true
		}
		u.names = append(u.names, s.Text)
	}
	return u, true
}
