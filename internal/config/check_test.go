package config

import (
	"strings"
	"testing"
)

func TestInstitutionAndHTTP(t *testing.T) {
	at := func(line string) string { return "[institution]\n" + line }
	http := func(line string) string { return "[http]\n" + line }
	long := strings.Repeat("ā", 121)
	runProblemTests(t, []problemTest{
		{"name", at(`name = "` + long + `"`), []string{`2 institution.name: has 121 characters; shorten it to 120`}},
		{"two lines", at(`name = "a\nb"`), []string{`2 institution.name: must be one line`}},
		{"locale", at(`locale = "eng"`), []string{`2 institution.locale: "eng" is not known; did you mean "en"?`}},
		{"locale far off", at(`locale = "ru"`), []string{`2 institution.locale: "ru" is not known; known here: lv, en`}},
		{"locale empty", at(`locale = ""`), []string{`2 institution.locale: is missing; write one of: lv, en`}},
		{"zone", at(`zone = "Europe/Rīga"`), []string{`2 institution.zone: there is no time zone "Europe/Rīga"; write one such as`}},
		{"zone of the machine", at(`zone = "Local"`), []string{`2 institution.zone: there is no time zone`}},
		{"zone empty", at(`zone = ""`), []string{`2 institution.zone: there is no time zone`}},
		{"licence", "[feeds]\nlicence = \"CC0\"", []string{`2 feeds.licence: is no web address`}},
		{"hub", "[feeds]\nhub = \"hub.example\"", []string{`2 feeds.hub: is no web address`}},
		{"domain", "[feeds]\ndomain = \"https://x.lv\"", []string{`2 feeds.domain: "https://x.lv" is no domain; write one`}},
		{"privacy", at(`privacy_url = "/privacy"`), []string{`2 institution.privacy_url: is no web address`}},
		{"contact", at(`contact = "Anna <a@example.lv>"`), []string{`2 institution.contact: "Anna <a@example.lv>" is no e-mail address`}},
		{"hashtag", at(`hashtags = ["a", "#b"]`), []string{`2 institution.hashtags[2]: "#b" is no hashtag; write`}},

		{"listen", http(`listen = "8080"`), []string{`2 http.listen: "8080" is no address to listen on`}},
		{"listen empty", http(`listen = ""`), []string{`2 http.listen: "" is no address`}},
		{"port", http(`listen = "localhost:70000"`), []string{`2 http.listen: "localhost:70000" is no address`}},
		{"port name", http(`metrics_listen = "localhost:http"`), []string{`2 http.metrics_listen: "localhost:http" is no address`}},
		{"same port", http("listen = \":1\"\nmetrics_listen = \":1\""), []string{`3 http.metrics_listen: must differ from http.listen`}},
		{"public URL", http(`public_url = "example.lv"`),
			[]string{`2 http.public_url: is no web address; write one such as "https://www.example.lv"`}},
		{"public URL scheme", http(`public_url = "ftp://example.lv"`), []string{`2 http.public_url: is no web address`}},
		{"public URL user", http(`public_url = "https://u:p@example.lv"`), []string{`2 http.public_url: is no web address`}},
		{"public URL broken", http(`public_url = "https://exa mple.lv"`), []string{`2 http.public_url: is no web address`}},
		{"public URL query", http(`public_url = "https://example.lv/?a=1"`), []string{`2 http.public_url: must end before any ? or #`}},
		{"public URL fragment", http(`public_url = "https://example.lv/#"`), []string{`2 http.public_url: must end before any ? or #`}},
		{"proxy", http(`trusted_proxies = ["10.0.0.7", "proxy"]`), []string{`2 http.trusted_proxies[2]: "proxy" is no network`}},
		{"short secret", http("secret = \"" + strings.Repeat("ā", 31) + "\"\n[redis]\nurl = \"managed\""),
			[]string{`2 http.secret: needs at least 32 characters…openssl rand -hex 32`}},
		{"no secret", http("[redis]\nurl = \"redis://h\""), []string{`1 http.secret: needs at least 32`}},
		{"no secret in the list", http("secret = []\n[redis]\nurl = \"redis://h\""), []string{`2 http.secret: needs at least 32`}},
		{"short in a list", http("secret = [\"env:SECRET\",\n\"x\"]\n[redis]\nurl = \"redis://h\""),
			[]string{`3 http.secret[2]: needs at least 32`}},
		{"six secrets", http("secret = [" + strings.Repeat("\"env:SECRET\",", 6) + "]"), []string{`2 http.secret: has 6 secrets`}},
		{"no secret needed", http("[redis]\nurl = \"embedded\""), nil},
		{"secret just long enough", http("secret = \"" + strings.Repeat("ā", 32) + "\"\n[redis]\nurl = \"managed\""), nil},
	})
}

// TestTheLastAllowedValues stands at every edge; the other tests stand beyond it.
func TestTheLastAllowedValues(t *testing.T) {
	line := func(n int) string { return strings.Repeat("ā", n) }
	reason := "[[desk.decline_reasons]]\nid = \"not_reached\"\nlv = \"a\"\nen = \"" + line(300) + "\"\n" +
		"[[desk.decline_reasons]]\nid = \"" + strings.Repeat("a", 40) + "\"\nlv = \"a\"\nen = \"a\"\n"
	runProblemTests(t, []problemTest{
		{"institution", "[institution]\nname = \"" + line(120) + "\"", nil},
		{"settle", "[desk]\nsettle = \"10m\"\n" + reason, nil},
		{"settle at once", "[desk]\nsettle = \"0s\"", nil},
		{"lowest limits", "[limits]\nquestion_length = 1\nask_per_minute = 1\nvote_per_minute = 1\nquestions_per_session = 1", nil},
		{"highest limits", "[limits]\nquestion_length = 10000\nask_per_minute = 1000000\nvote_per_minute = " +
			"1000000\nquestions_per_session = 1000000", nil},
		{"place", "[[public]]\nkind = \"wall\"\nid = \"" + strings.Repeat("a", 40) + "\"\nname = \"" + line(80) + "\"", nil},
		{"person", "[[people]]\nrole = \"moderator\"\nname = \"" + line(80) + "\"\noffice = \"" + line(120) + "\"", nil},
	})
}

func TestRedis(t *testing.T) {
	external := func(line string) string {
		return "[redis]\nurl = \"redis://h\"\n" + line + "\n[http]\nsecret = \"env:SECRET\"\n"
	}
	runProblemTests(t, []problemTest{
		{"managed without a folder", "[redis]\ndir = \"\"\n[http]\nsecret = \"env:SECRET\"", []string{`2 redis.dir: is missing`}},
		{"too many replicas", external("wait_replicas = 6"), []string{`3 redis.wait_replicas: must be between 0 and 5`}},
		{"fewer than none", external("wait_replicas = -1"), []string{`3 redis.wait_replicas: must be between 0 and 5`}},
		{"all replicas", external("wait_replicas = 5"), nil},
		{"replicas of nothing", "[redis]\nurl = \"embedded\"\nwait_replicas = 1",
			[]string{`3 redis.wait_replicas: must be 0: a store that the program starts`}},
		{"durability", external(`durability = "fsync"`),
			[]string{`3 redis.durability: "fsync" is not known; known here: always, everysec, none`}},
		{"durability near", external(`durability = "allways"`), []string{`3 redis.durability: …did you mean "always"?`}},
	})
}

func TestRedisURL(t *testing.T) {
	for url, want := range map[string]error{
		"embedded":             nil,
		"managed":              nil,
		"redis://h":            nil,
		"redis://h:6379/0":     nil,
		"rediss://:p%2Fw@h:1/": nil,
		"redis://u:p@w@10.0.0.1,h2,[::1]:6379/1?master_name=x": nil,
		"unix:///run/redis.sock":                               nil,
		"unix://redis.sock":                                    errRedisURL,
		"redis://h?addr=h2:6379":                               errRedisRest,
		"":                                                     errRedisURL,
		"embeded":                                              errRedisURL,
		"http://h":                                             errRedisURL,
		"redis:h":                                              errRedisURL,
		"redis://":                                             errRedisHost,
		"redis://h1,,h2":                                       errRedisHost,
		"redis://h1, h2":                                       errRedisHost,
		"redis://h:":                                           errRedisHost,
		"redis://h:port":                                       errRedisHost,
		"redis://h h:1":                                        errRedisHost,
		"redis://:pa/ss@h":                                     errRedisHost,
		"redis://:pa?ss@h":                                     errRedisHost,
		"redis://[::1]":                                        errRedisHost,
		"redis://:p%@h":                                        errRedisRest,
		"redis://h/db":                                         errRedisRest,
		"redis://h/1/2":                                        errRedisRest,
		"redis://h#f":                                          errRedisRest,
		"redis://h?a=%zz":                                      errRedisRest,
	} {
		if got := redisURL(url); got != want {
			t.Errorf("%q: %v, want %v", url, got, want)
		}
	}
}

func TestDeskAndLimits(t *testing.T) {
	reason := func(text string) string {
		return "[[desk.decline_reasons]]\nid = \"not_reached\"\nlv = \"a\"\nen = \"b\"\n[[desk.decline_reasons]]\n" + text
	}
	runProblemTests(t, []problemTest{
		{"kind", "[desk]\nkind = \"wbe\"", []string{`2 desk.kind: "wbe" is not known; known here: web, pigeon`}},
		{"kind near", "[desk]\nkind = \"Pigeons\"", []string{`2 desk.kind: "Pigeons" is not known; did you mean "pigeon"?`}},
		{"settle", "[desk]\nsettle = \"11m\"", []string{`2 desk.settle: must be between "0s" and "10m"`}},
		{"settle below", "[desk]\nsettle = \"-1s\"", []string{`2 desk.settle: must be between`}},
		{"no reasons", "[desk]\ndecline_reasons = []", []string{`2 desk.decline_reasons: add a reason with id = "not_reached"`}},
		{"reason id", reason("id = \"Off topic\"\nlv = \"a\"\nen = \"b\""),
			[]string{`6 desk.decline_reasons[2].id: "Off topic" is no id; write`}},
		{"reason id long", reason("id = \"" + strings.Repeat("a", 41) + "\"\nlv = \"a\"\nen = \"b\""),
			[]string{`6 desk.decline_reasons[2].id: `}},
		{"reason twice", reason("id = \"not_reached\"\nlv = \"a\"\nen = \"b\""),
			[]string{`6 desk.decline_reasons[2].id: line 2 has a reason "not_reached" already; choose another`}},
		{"reason empty", reason("id = \"a\"\nlv = \" \""),
			[]string{`5 desk.decline_reasons[2].en: is missing`, `7 desk.decline_reasons[2].lv: is missing; write a sentence`}},
		{"reason long", reason("id = \"a\"\nlv = \"" + strings.Repeat("ā", 301) + "\"\nen = \"b\""),
			[]string{`7 desk.decline_reasons[2].lv: has 301 characters; shorten it to 300`}},
		{"limits", "[limits]\nquestion_length = 10001\nask_per_minute = 0\nvote_per_minute = -1\nquestions_per_session = 1000001", []string{
			`2 limits.question_length: must be between 1 and 10000`, `3 limits.ask_per_minute: must be between 1 and`,
			`4 limits.vote_per_minute: must be between`, `5 limits.questions_per_session: must be between 1 and 1000000`}},
	})
}

func TestPublicPlaces(t *testing.T) {
	place := func(lines string) string { return "[[public]]\n" + lines }
	runProblemTests(t, []problemTest{
		{"kind missing", place(`id = "a"`), []string{`1 public[1].kind: is missing; write one of: wall, pigeon`}},
		{"kind and id missing", place(`name = "a"`), []string{`1 public[1].kind: is missing`}},
		{"kind unknown", place(`kind = "pigoen"`), []string{`2 public[1].kind: "pigoen" is not known; did you mean "pigeon"?`}},
		{"kind to come", place(`kind = "mastodon"`), []string{`2 public[1].kind: "mastodon" is not known; known here: wall, pigeon`}},
		{"kind of no text", place(`kind = true`), []string{`2 public[1].kind: write a text`}},
		{"id", place("kind = \"wall\"\nid = \"A b\""), []string{`3 public[1].id: "A b" cannot be an id; write up to 40 of a-z, 0-9 and -`}},
		{"id long", place("kind = \"wall\"\nid = \"" + strings.Repeat("a", 41) + "\""), []string{`3 public[1].id: `}},
		{"id taken", place("kind = \"wall\"\nid = \"page\""),
			[]string{`3 public[1].id: "page" cannot be an id…but not page or web or pigeon-desk`}},
		{"id twice", place("kind = \"wall\"\n[[public]]\nkind = \"wall\""), []string{`3 public[2].id: line 1 has a place "wall" already`}},
		{"id of a desk", place("kind = \"wall\"\nid = \"pigeon-desk\""), []string{`3 public[1].id: "pigeon-desk" cannot be an id`}},
		{"group", place("kind = \"wall\"\ngroups = [\"Ne ws\"]"), []string{`3 public[1].groups: "Ne ws" cannot be the name of a group`}},
		{"group twice", place("kind = \"wall\"\ngroups = [\"a\", \"a\"]"), []string{`3 public[1].groups: "a" stands there twice`}},
		{"group of a place", place("kind = \"wall\"\ngroups = [\"b\"]\n[[public]]\nkind = \"wall\"\nid = \"b\""),
			[]string{`3 public[1].groups: "b" is the id of a place`}},
		{"group of the page", place("kind = \"wall\"\ngroups = [\"page\"]"), []string{`3 public[1].groups: "page" is the id of a place`}},
		{"groups", place("kind = \"wall\"\ngroups = [" + strings.Repeat("\"a\",", 11) + "]"), []string{`3 public[1].groups: has 11 groups`}},
		{"name", place("kind = \"wall\"\nname = \"" + strings.Repeat("a", 81) + "\""), []string{`3 public[1].name: has 81 characters`}},
	})
}

func TestPeople(t *testing.T) {
	anna := "[[people]]\nname = \"Anna Bērziņa\"\nrole = \"moderator\"\npigeon = 1\n"
	second := func(lines string) string { return anna + "[[people]]\n" + lines }
	runProblemTests(t, []problemTest{
		{"none", "people = []", []string{`1 people: nobody is a moderator; add [[people]]`}},
		{"no moderator", "[[people]]\nname = \"Anna\"\nrole = \"expert\"", []string{`1 people: nobody is a moderator`}},
		{"nameless", second("role = \"observer\""), []string{`5 people[2].name: is missing; write first name and surname`}},
		{"name of signs", second("name = \"—\"\nrole = \"observer\""), []string{`6 people[2].name: is missing`}},
		{"long name", second("name = \"" + strings.Repeat("ā", 81) + "\"\nrole = \"expert\""),
			[]string{`6 people[2].name: has 81 characters; shorten it to 80`}},
		{"same name", second("name = \"ANNA  Berzina\"\nrole = \"expert\""),
			[]string{`6 people[2].name: line 2 has a name like "anna-berzina" already; choose another`}},
		{"no role", second("name = \"B\""), []string{`5 people[2].role: is missing; write one of: moderator, expert, observer`}},
		{"role", second("name = \"B\"\nrole = \"Experts\""), []string{`7 people[2].role: "Experts" is not known; did you mean "expert"?`}},
		{"office", second("name = \"B\"\nrole = \"expert\"\noffice = \"a\\tb\""), []string{`8 people[2].office: must be one line`}},
		{"long office", second("name = \"B\"\nrole = \"expert\"\noffice = \"" + strings.Repeat("ā", 121) + "\""),
			[]string{`8 people[2].office: has 121 characters`}},
		{"account", second("name = \"B\"\nrole = \"expert\"\npigeon = \"@b\""), []string{`8 people[2].pigeon: pigeons know no names`}},
		{"account twice", second("name = \"B\"\nrole = \"expert\"\npigeon = \"1\""),
			[]string{`8 people[2].pigeon: line 4 has a person with "1" already`}},
		{"email", second("name = \"B\"\nrole = \"expert\"\nemail = \"b\""), []string{`8 people[2].email: "b" is no e-mail address`}},
	})
}

// TestKindsCheckThemselves: what a kind finds stands at its own keys, with their lines.
func TestKindsCheckThemselves(t *testing.T) {
	place := "[[public]]\nkind = \"pigeon\"\n"
	runProblemTests(t, []problemTest{
		{"unused", "[pigeon]\nspeed = \"fast\"", nil},
		{"used, without a section", place, []string{`0 pigeon.token: is missing; write the ring's number`}},
		{"of the section", "[desk]\nkind = \"pigeon\"\n[pigeon]\ntoken = \"x\"", []string{`3 pigeon: the first of the people needs a pigeon`}},
		{"of a place", "[pigeon]\ntoken = \"x\"\n" + place + "colours = [\"wite\"]",
			[]string{`5 public[1].colours: "wite" is not known; did you mean "white"?`}},
		{"two places", "[pigeon]\ntoken = \"x\"\n" + place + "[[public]]\nkind = \"wall\"\n" + place + "id = \"b\"",
			[]string{`8 public[3].kind: is the second of b`}},
		{"all it may know", "[http]\npublic_url = \"https://h/\"\n[pigeon]\ntoken = \"x\"\nspeed = \"slow\"\n" + place,
			[]string{`5 pigeon.speed: 1 places, public at https://h`}},
	})
}
