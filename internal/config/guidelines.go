package config

// Guidelines say what comes of each guideline that an answer does not keep to: one of Rules.
type Guidelines struct {
	Personal      string `toml:"personal"`
	SelfContained string `toml:"self_contained"`
	Fits          string `toml:"fits"`
	Hashtag       string `toml:"hashtag"`
	Addresses     string `toml:"addresses"`
	Pictures      string `toml:"pictures"`
	AllCaps       string `toml:"all_caps"`
	Chain         string `toml:"chain"`
	ManyHashtags  string `toml:"many_hashtags"`
	SeveralLinks  string `toml:"several_links"`
	CallsSomeone  string `toml:"calls_someone"`
	LongSentences string `toml:"long_sentences"`
	Officialese   string `toml:"officialese"`
}

// Rules are what may come of a guideline: nothing, a hint at the desk, or that approving asks for a reason.
var Rules = []string{"off", "hint", "block"}

// Rules are the rules by the names of the guidelines, which are those of the keys.
func (g Guidelines) Rules() map[string]string {
	return map[string]string{
		"personal":       g.Personal,
		"self_contained": g.SelfContained,
		"fits":           g.Fits,
		"hashtag":        g.Hashtag,
		"addresses":      g.Addresses,
		"pictures":       g.Pictures,
		"all_caps":       g.AllCaps,
		"chain":          g.Chain,
		"many_hashtags":  g.ManyHashtags,
		"several_links":  g.SeveralLinks,
		"calls_someone":  g.CallsSomeone,
		"long_sentences": g.LongSentences,
		"officialese":    g.Officialese,
	}
}

// hints is how it is unless the file says something else.
func hints() Guidelines {
	const h = "hint"
	return Guidelines{h, h, h, h, h, h, h, h, h, h, h, h, h}
}

func (r *report) guidelines(g Guidelines) {
	for name, rule := range g.Rules() {
		r.Choice("guidelines."+name, rule, Rules...)
	}
}
