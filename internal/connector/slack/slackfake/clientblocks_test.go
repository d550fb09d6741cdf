package slackfake_test

import (
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"experthour/internal/connector/slack/slackfake"
)

func words(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// everyField are input blocks with every element that the library has and a form may need.
func everyField() []slack.Block {
	options := []*slack.OptionBlockObject{slack.NewOptionBlockObject("1", words("One"), nil),
		slack.NewOptionBlockObject("2", words("Two"), words("more"))}
	text := slack.NewPlainTextInputBlockElement(words("type"), "a")
	text.Multiline, text.MaxLength, text.InitialValue = true, 100, "x"
	date, clock := slack.NewDatePickerBlockElement("a"), slack.NewTimePickerBlockElement("a")
	date.InitialDate, clock.InitialTime = "2026-02-28", "19:30"
	external := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, words("search"), "a")
	least := 0
	external.MinQueryLength = &least
	var blocks []slack.Block
	for i, e := range []slack.BlockElement{text, date, clock, external,
		slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, words("pick"), "a", options...),
		slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, words("who"), "a"),
		slack.NewCheckboxGroupsBlockElement("a", options...),
		slack.NewRadioButtonsBlockElement("a", options...),
		slack.NewOptionsSelectBlockElement(slack.OptTypeUser, words("who"), "a"),
	} {
		b := slack.NewInputBlock(string(rune('a'+i)), words("Label"), words("Hint"), e)
		b.Optional = true
		blocks = append(blocks, b)
	}
	return blocks
}

func everyBlock() []slack.Block {
	confirm := slack.NewConfirmationBlockObject(words("Sure?"), words("Really"), words("Yes"), words("No"))
	button := slack.NewButtonBlockElement("go", "v", words("Go")).WithStyle(slack.StyleDanger).WithConfirm(confirm)
	menu := slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("w", words("Withdraw"), nil))
	markup := slack.NewTextBlockObject(slack.MarkdownType, "*x*", false, true)
	rich := slack.NewRichTextBlock("rich", slack.NewRichTextSection(
		slack.NewRichTextSectionTextElement("t", &slack.RichTextSectionTextStyle{Bold: true}),
		slack.NewRichTextSectionLinkElement("https://example.org", "l", nil)))
	return []slack.Block{
		slack.NewHeaderBlock(words("#1")), slack.NewDividerBlock(), rich,
		slack.NewSectionBlock(markup, []*slack.TextBlockObject{words("f")}, slack.NewAccessory(menu)),
		slack.NewContextBlock("ctx", words("c"), markup), slack.NewActionBlock("acts", button),
	}
}

func TestRealClientsBlocksAreAccepted(t *testing.T) {
	t.Parallel()
	w := slackfake.New(t, slackfake.Options{NoLimits: true, Events: []string{}})
	p, anna, c1 := startProgram(t, w), w.User("U1", "Anna Ozola", ""), w.Channel("C1")
	if _, _, err := p.api.PostMessage("C1", slack.MsgOptionBlocks(everyBlock()...)); err != nil {
		t.Fatal(err)
	}
	done := handled(func() {
		e := p.next("interactive")
		_, err := p.api.OpenView(e.Data.(slack.InteractionCallback).TriggerID, slack.ModalViewRequest{Type: slack.VTModal,
			Title: words("Every field"), Submit: words("OK"), Close: words("No"), NotifyOnClose: true, PrivateMetadata: "p", CallbackID: "c",
			Blocks: slack.Blocks{BlockSet: everyField()}})
		if err != nil {
			t.Error(err)
		}
		p.ack(e)
	})
	if err := c1.Card(1).Click(anna, "Withdraw"); err != nil {
		t.Error(err)
	}
	<-done
	if _, err := p.api.PublishView("U1", slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: everyBlock()}},
		""); err != nil {
		t.Error(err)
	}
}

func TestRealClientReadsLimitsAndPeople(t *testing.T) {
	t.Parallel()
	w := slackfake.New(t, slackfake.Options{})
	api := slack.New("xoxb-fake-bot", slack.OptionAPIURL(w.URL()))
	anna := w.User("U1", "Anna Ozola", "anna@example.org")
	w.Channel("C1").Join(anna)
	w.Group("S1", "editors", anna)
	w.Limit("chat.postMessage", 1, 2*time.Second)
	_, _, err := api.PostMessage("C1", slack.MsgOptionText("x", true))
	var limited *slack.RateLimitedError
	if !errors.As(err, &limited) || limited.RetryAfter != 2*time.Second {
		t.Errorf("got %v", err)
	}
	if u, err := api.GetUserByEmail("anna@example.org"); err != nil || u.ID != "U1" || u.RealName != "Anna Ozola" {
		t.Errorf("%+v %v", u, err)
	}
	if ids, err := api.GetUserGroupMembers("S1"); err != nil || len(ids) != 1 {
		t.Errorf("%v %v", ids, err)
	}
	if groups, err := api.GetUserGroups(slack.GetUserGroupsOptionIncludeUsers(true)); err != nil || groups[0].Users[0] != "U1" {
		t.Errorf("%v %v", groups, err)
	}
	if users, err := api.GetUsers(); err != nil || len(users) != 2 {
		t.Errorf("%v %v", users, err)
	}
	if ch, err := api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "C1"}); err != nil || !ch.IsMember {
		t.Errorf("%+v %v", ch, err)
	}
	if me, err := api.AuthTest(); err != nil || me.UserID != "U0BOT" || me.Header.Get("X-OAuth-Scopes") == "" {
		t.Errorf("%+v %v", me, err)
	}
	w.RemoveScope("users:read")
	_, err = api.GetUserInfo("U1")
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "missing_scope" || refused.Needed != "users:read" {
		t.Errorf("%v", err)
	}
}

func TestCloseEndsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true, AckWithin: time.Hour}) // who waits for an answer waits long
	a, anna, c1 := connect(t, r), w.User("U1", "Anna", ""), w.Channel("C1")
	w.Fail("auth.test", 1, slackfake.HangBefore)
	hung := handled(func() { _, _ = r.try("auth.test") })
	clicking := handled(func() { _, _ = anna.Command(c1, "/hour", "") })
	a.read() // the command is on its way and nobody answers
	for range 20 {
		anna.Say(c1, "x") // nobody acknowledges: redelivery is waiting
	}
	w.Close()
	w.Close()
	<-hung
	<-clicking
}
