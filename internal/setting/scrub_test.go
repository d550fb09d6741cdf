package setting

import "testing"

func TestScrub(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" is not known`:      `"[redacted]" is not known`,
		`telegram.xoxb-17653672481-abcDEF12345: unknown key`:               `[redacted] unknown key`,
		`open 5f1d7e0c9ab34c2286d1f0a4e7b35c98: no such file`:              `open [redacted] no such file`,
		`open /run/secrets/experthour-2026-11: no such file`:               `open /run/secrets/experthour-2026-11: no such file`,
		`public[2].questions_per_session: unknown key; write one of: a, b`: `public[2].questions_per_session: unknown key; write one of: a, b`,
		`"info@tax-office.example.lv" is no e-mail address`:                `"info@tax-office.example.lv" is no e-mail address`,
		`make one with: (umask 077; openssl rand -hex 32 > secret)`:        `make one with: (umask 077; openssl rand -hex 32 > secret)`,
		`"-1001234567890" and "C012AB3CD" and "https://a.example:8080/x"`:  `"-1001234567890" and "C012AB3CD" and "https://a.example:8080/x"`,
		"": "",
	} {
		if got := Scrub(text); got != want {
			t.Errorf("%s\nis    %s\nwants %s", text, got, want)
		}
	}
}
