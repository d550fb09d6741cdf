package main

import "testing"

// TestKeysOfTriage: D and M put the focus into their forms, and keys of one letter do nothing once
// they are switched off, which the browser remembers.
func TestKeysOfTriage(t *testing.T) {
	t.Parallel()
	i := found(t, "embedded")
	b := openBrowser(t)
	i.schedule("homes")
	public, anna := b.tab("citizen", i.base+"/s/homes"), b.desk("moderator", i.link("Anna Bērziņa"))
	ask(public, "May a tenant apply?")
	triage := i.base + "/desk/anna-berzina/homes/triage"
	anna.open(triage)
	for key, form := range map[string]string{"d": "#decline", "m": "#merge"} {
		anna.key(key)
		anna.until(key+" leads into its form", `document.activeElement.matches("`+form+` button, `+form+` input:not([type=hidden])")`)
		anna.open(triage)
	}
	anna.press("#keys")
	anna.until("the keys are off", `document.getElementById("keys").getAttribute("aria-pressed") === "false"`)
	anna.open(triage)
	for _, key := range []string{"d", "a", "/"} {
		anna.key(key)
	}
	anna.see("h1", "May a tenant apply?")
	anna.until("nothing happened", `document.activeElement.matches("h1") && !location.hash`)
	anna.press("#keys")
	anna.key("a")
	anna.see("#status", "Q1: accepted")
}
