package slack

// Words are the few texts that the adapter itself must show. What is left out is
// English.
type Words struct {
	TryAgain   string // nothing was stored: please try again
	Perhaps    string // perhaps it was not stored: please look, and try again if not
	PressAgain string // Slack gave up waiting for a form: please press again
	Notice     string // title of a form that only tells something
	Done       string // in a form that ended and cannot be closed from here
	Loading    string // in a form whose content follows
	Sure       string // asked before a choice counts, where its own question is not known any more
	More       string // label of the menu with the rest of the buttons
	Cancel     string
	Close      string
	Open       string // label of a link that has none
	Choose     string // in an empty choice
	Search     string // in an empty search
	TooMuch    string // in a form that has no room for all that must be seen before it may be submitted
	DeskPage   string // address of the page of the desk, which has room; empty is no link
}

func (w Words) filled() Words {
	for _, f := range []struct {
		word *string
		text string
	}{
		{&w.TryAgain, "That did not work just now, and nothing was changed. Please try again."},
		{&w.Perhaps, "That took too long. Perhaps it was not stored: please look, and try again if not."},
		{&w.PressAgain, "Slack did not wait for the form. Please press again."},
		{&w.Notice, "Expert hour"}, {&w.Done, "Done."}, {&w.Loading, "…"}, {&w.Sure, "Really?"}, {&w.More, "More"}, {&w.Cancel, "Cancel"},
		{&w.Close, "Close"}, {&w.Open, "Open"}, {&w.Choose, "Choose"}, {&w.Search, "Search"},
		{&w.TooMuch, "This does not fit here; use the desk page."},
	} {
		if *f.word == "" {
			*f.word = f.text
		}
	}
	return w
}
