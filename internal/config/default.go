package config

import (
	"time"

	"experthour/internal/session"
	"experthour/internal/setting"
)

// Default is the configuration that an empty file stands for. It has no people
// and no secret, so it does not pass the checks of Parse as it is.
func Default() Config {
	return Config{
		Institution: Institution{Locale: session.Latvian, Zone: riga()},
		Redis:       Redis{URL: setting.NewSecret("managed"), Dir: "data"},
		HTTP:        HTTP{Listen: "127.0.0.1:8080"},
		Desk: Desk{Kind: "web", Undo: 10 * time.Second, Settle: 20 * time.Second, CallNext: 3 * time.Minute, Nudge: 10 * time.Minute,
			DeclineReasons: declineReasons()},
		Limits: Limits{
			QuestionLength:      2000,
			AskPerMinute:        6,
			VotePerMinute:       30,
			VotesPerQuestion:    30,
			PicturesPerQuestion: session.MaxPictures,
			QuestionsPerSession: 100000,
		},
		Retention:  Retention{Emails: 30, Originals: 30, Unpublished: 30},
		Guidelines: hints(),
	}
}

// riga cannot fail: the zone database is linked in.
func riga() *time.Location {
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		panic(err)
	}
	return zone
}

func declineReasons() []DeclineReason {
	return []DeclineReason{
		{"off_topic",
			"Jautājums nav par šīs eksperta stundas tematu.",
			"The question is not about the topic of this expert hour."},
		{"personal_data",
			"Jautājumā ir personas dati, tāpēc to nevar publicēt. Lūdzu, uzdodiet jautājumu vēlreiz bez tiem.",
			"The question contains personal data, so it cannot be published. Please ask it again without them."},
		{"individual_case",
			"Jautājums ir par konkrētu gadījumu, ko nevar izskatīt publiski. Lūdzu, vērsieties iestādē.",
			"The question is about an individual case, which cannot be discussed in public. Please contact the institution."},
		{"duplicate",
			"Šāds jautājums jau ir uzdots.",
			"This question has already been asked."},
		{"offensive",
			"Jautājumā ir aizskaroši izteikumi.",
			"The question contains offensive language."},
		{NotReached,
			"Diemžēl šajā eksperta stundā nepietika laika atbildēt uz šo jautājumu.",
			"Unfortunately there was not enough time to answer this question in this expert hour."},
	}
}
