package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/testenv"
)

// mark stands in everything that an asker of these tests is known by and has written, and in
// what their answer has to say. account is the number of one in Telegram.
const (
	mark    = "MARKER7"
	account = "770077007"
)

// keeper is an institution on a Redis that writes everything down.
type keeper struct {
	*testing.T
	at     *institution
	client *redis.Client
	dir    string // of the append-only file
	jar    *http.Client
	sent   string // some of the bytes of a picture that came with a question, as they are stored
}

func keeping(t *testing.T, at *institution, address string) *keeper {
	socket := strings.TrimPrefix(address, "unix://")
	k := &keeper{T: t, at: at, client: redis.NewClient(&redis.Options{Network: "unix", Addr: socket}), dir: filepath.Dir(socket),
		jar: &http.Client{Jar: cookies{}}}
	t.Cleanup(func() { k.client.Close() })
	return k
}

// asks sends a question from the page with all that an asker can say of themselves, and a picture.
func (k *keeper) asks(text string) {
	k.Helper()
	kind, b := aForm(k.T, map[string]string{"text": text, "name": mark + "name", "email": mark + "@example.lv", "alt": mark + "roof"}, 23)
	resp, err := http.Post(k.at.base+"/s/homes/questions", kind, b)
	if err != nil {
		k.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Request.URL.Path, "/r/") {
		k.Fatalf("asking: %d at %s", resp.StatusCode, resp.Request.URL.Path)
	}
	for field, content := range k.client.HGetAll(k.Context(), "eh:{homes}:enclosed").Val() {
		if field != "size" {
			k.sent = content[len(content)-40:]
		}
	}
	if k.sent == "" {
		k.Fatal("no picture is stored: this test proves nothing")
	}
}

func aPicture(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// aForm is a form with a picture.
func aForm(t *testing.T, fields map[string]string, side int) (kind string, b *bytes.Buffer) {
	t.Helper()
	b = &bytes.Buffer{}
	w := multipart.NewWriter(b)
	for name, value := range fields {
		_ = w.WriteField(name, value) // a buffer takes it
	}
	part, _ := w.CreateFormFile("file", "map.png")
	_, _ = part.Write(aPicture(t, side))
	_ = w.Close()
	return w.FormDataContentType(), b
}

// hasSent reports in what the picture is that came with a question.
func (k *keeper) hasSent(all map[string]string) (found []string) {
	for where, content := range all {
		if k.sent != "" && strings.Contains(content, k.sent) {
			found = append(found, where+": the picture of a question")
		}
	}
	return found
}

// noMail is a mail server that is not there: letters wait, and are given up.
func noMail(t *testing.T) string {
	_, port, err := net.SplitHostPort(free(t))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(mailSettings, port)
}

// answers gives an answer with a picture, at the desk page of the expert.
func (k *keeper) answers(n int, text string) {
	k.Helper()
	enter(k.T, k.jar, k.at.link("Edgars Ozols"))
	kind, b := aForm(k.T, map[string]string{"text": text, "picture": "", "alt": mark + "alt", "author": mark + "author"}, 9)
	resp, err := k.jar.Post(fmt.Sprintf("%s/desk/edgars-ozols/homes/q/%d/submit", k.at.base, n), kind, b)
	if err != nil {
		k.Fatal(err)
	}
	resp.Body.Close()
	pictures := func() bool { return k.client.HLen(k.Context(), "eh:{homes}:pics").Val() > 1 }
	if resp.StatusCode != http.StatusOK || !pictures() {
		k.Fatalf("submit: %d, and a picture is stored: %t", resp.StatusCode, pictures())
	}
}

// approves approves a question's answer by the JSON API, as in a chat nobody sees pictures.
func (k *keeper) approves(n int) {
	k.Helper()
	token := k.at.token("Jānis Kalniņš")
	_, out := k.at.api(token, http.MethodGet, "/api/v1/desk/sessions/homes/questions", nil)
	for _, q := range out["questions"].([]any) {
		if q := q.(map[string]any); q["number"] == float64(n) {
			status, said := k.at.api(token, http.MethodPost, fmt.Sprintf("/api/v1/desk/sessions/homes/questions/%d/approve", n),
				map[string]any{"revision": q["revision"], "digest": q["digest"]})
			if status != http.StatusOK {
				k.Fatalf("approve: %d %v", status, said)
			}
			return
		}
	}
	k.Fatalf("there is no question %d: %v", n, out)
}

// erases does what somebody asks for who wants nothing of theirs to be kept.
func (k *keeper) erases(who string) {
	k.Helper()
	if out, errs, code := bot(k.T, k.at.dir, "erase", "--asker", who); code != exitOK {
		k.Fatalf("erase: %d %s%s", code, out, errs)
	}
}

// pages are everything of the hour that is served, to the public and to a moderator.
func (k *keeper) pages() map[string]string {
	k.Helper()
	all := map[string]string{}
	client := &http.Client{Jar: cookies{}}
	all["desk"] = enter(k.T, client, k.at.link("Anna Bērziņa"))
	for _, path := range []string{"/", "/feed.atom", "/s/homes", "/s/homes/feed.atom", "/s/homes/session.ics", "/s/homes/transcript",
		"/s/homes/transcript.md", "/s/homes/transcript.json", "/s/homes/transcript.csv", "/s/homes/q/1", "/s/homes/q/2",
		"/api/v1/sessions", "/api/v1/sessions/homes", "/desk/anna-berzina/homes", "/pretend/sandbox"} {
		all[path] = k.get(client, path)
	}
	token := k.at.token("Anna Bērziņa")
	for _, path := range []string{"", "/questions", "/log", "/log?question=1", "/log?question=2"} {
		_, out := k.at.api(token, http.MethodGet, "/api/v1/desk/sessions/homes"+path, nil)
		all["/api/v1/desk"+path] = fmt.Sprint(out)
	}
	return all
}

func (k *keeper) get(client *http.Client, path string) string {
	k.Helper()
	resp, err := client.Get(k.at.base + path)
	if err != nil {
		k.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		k.Fatal(err)
	}
	return string(body)
}

// closes ends the hour, and waits until its transcript stands.
func (k *keeper) closes() {
	k.Helper()
	token := k.at.token("Anna Bērziņa")
	for _, verb := range []string{"stop", "close"} {
		in := map[string]any{}
		if verb == "close" {
			in = map[string]any{"force": true, "reason": "the time is over"}
		}
		if status, out := k.at.api(token, http.MethodPost, "/api/v1/desk/sessions/homes/"+verb, in); status != http.StatusOK {
			k.Fatalf("%s: %d %v", verb, status, out)
		}
	}
	testenv.Until(k.T, "the transcript stands", func() bool {
		_, out := k.at.api("", http.MethodGet, "/api/v1/sessions/homes", nil)
		return out["state"] == "archived" && strings.Contains(k.get(http.DefaultClient, "/s/homes/transcript.md"), "Warmer homes")
	})
}

// marked lists the lines in which there is anything of an asker.
func marked(all map[string]string) (found []string) {
	for where, text := range all {
		for _, line := range strings.Split(text, "\n") {
			if strings.Contains(strings.ToUpper(line), mark) || strings.Contains(line, account) {
				found = append(found, where+": "+line)
			}
		}
	}
	return found
}

// forgotten waits until neither the store nor a chat has anything of an asker, and then looks
// at every page, at the log, and at the file once it is rewritten.
func (k *keeper) forgotten(run *running, chats func() map[string]string) {
	k.Helper()
	look := func() []string {
		all := map[string]string{"store": redistest.Dump(k.T, k.client)}
		maps.Copy(all, chats())
		maps.Copy(all, map[string]string{"enclosed": fmt.Sprint(k.client.HVals(k.Context(), "eh:{homes}:enclosed").Val())})
		return append(marked(all), k.hasSent(all)...)
	}
	k.Cleanup(func() {
		if k.Failed() {
			k.Logf("it stands in\n%s", strings.Join(look(), "\n"))
		}
	})
	testenv.Until(k.T, "the store and the chats forget", func() bool { return len(look()) == 0 })
	k.closes()
	for _, line := range look() {
		k.Errorf("once the hour is closed: %s", line)
	}
	for _, line := range marked(k.pages()) {
		k.Errorf("served: %s", line)
	}
	run.stop()
	for _, line := range marked(map[string]string{"log": run.log.String()}) {
		k.Error(line)
	}
	k.rewrite()
	for _, line := range append(marked(k.files()), k.hasSent(k.files())...) {
		k.Errorf("the file: %.200q", line)
	}
}

// rewrite has Redis write its file anew, so that a text in it can be read.
func (k *keeper) rewrite() {
	k.Helper()
	for _, err := range []error{k.client.ConfigSet(k.Context(), "aof-use-rdb-preamble", "no").Err(),
		k.client.BgRewriteAOF(k.Context()).Err()} {
		if err != nil {
			k.Fatal(err)
		}
	}
	testenv.Until(k.T, "the file is rewritten", func() bool {
		info := k.client.Info(k.Context(), "persistence").Val()
		return strings.Contains(info, "aof_rewrite_in_progress:0") && strings.Contains(info, "aof_rewrite_scheduled:0")
	})
}

func (k *keeper) files() map[string]string {
	k.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(k.dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(k.dir, path))
		all[path] = string(content)
		return err
	})
	if err != nil {
		k.Fatal(err)
	}
	return all
}

// TestNothingIsLeftOfAnAskerInTelegram: somebody asks in private, and somebody on the page; both
// are answered at a desk in Telegram and withdraw. Neither is found anywhere afterwards.
func TestNothingIsLeftOfAnAskerInTelegram(t *testing.T) {
	t.Parallel()
	address := realRedis(t)
	s := openSquare(t, "polling", address, chatPublic+fmt.Sprintf(chatDesk, "1s")+noMail(t), telegramfake.Options{})
	k := keeping(t, s.at, address)
	asker := s.tg.User(770077007, mark+"name")
	asker.SetUsername(mark + "handle")
	s.openHour()
	asker.Start("homes")
	asker.Write("/settings")
	asker.Await(s.patient(), telegramfake.Offers("Show my name")).Press(asker, "Show my name")
	asker.Write(mark + "text: may I begin?")
	s.await(asker.Chat(), "Question #1 has arrived")
	asker.Write(mark+"caption: this is my roof.", telegramfake.Photo(aPicture(t, 24)))
	k.asks(mark + "text from the page?")
	s.ask("homes", "Is there money for roofs?")
	s.reads(1, mark+"caption")
	s.card(3, "Accept")
	for n := 1; n <= 3; n++ {
		s.press(n, s.anna, "Accept")
	}
	s.reply(1, mark+"answer.")
	s.reads(1, "revision 1")
	s.approve(1, s.janis, mark+"answer.")
	s.await(asker.Chat(), mark+"answer.")
	k.answers(2, mark+"answer on the page.")
	k.approves(2)
	s.reads(2, "Published")
	s.press(3, s.anna, "Merge")
	s.choose(s.anna, "#2 ")
	s.submit(s.anna, "Merge #3", "Merge")
	s.reads(3, "Merged into #2")
	if len(marked(k.pages())) == 0 {
		t.Error("the pages have nothing of them even before: this test proves nothing")
	}
	for _, who := range []string{"tg:" + account, mark + "@example.lv"} {
		k.erases(who)
	}
	s.reads(1, "Withdrawn")
	s.reads(2, "Withdrawn")
	k.forgotten(s.run, func() map[string]string {
		all := map[string]string{}
		for name, c := range map[string]*telegramfake.Chat{"desk": s.desk, "channel": s.channel, "talk": s.talk, "Anna": s.anna.Chat(),
			"Jānis": s.janis.Chat(), "Edgars": s.edgars.Chat(), "the asker": asker.Chat()} {
			for _, m := range c.FromBot() {
				if c == asker.Chat() && strings.HasPrefix(m.Text(), "Choose:") { // their own settings, told to them alone
					continue
				}
				all[name] += strings.ReplaceAll(m.Text(), "\n", " ") + "\n"
			}
		}
		return all
	})
}

// TestNothingIsLeftOfAnAskerInSlack is the same with the desk in Slack.
func TestNothingIsLeftOfAnAskerInSlack(t *testing.T) {
	t.Parallel()
	address := realRedis(t)
	f := openOffice(t, "socket", address, "1s", slackfake.Options{}, noMail(t))
	k := keeping(t, f.at, address)
	f.open("homes")
	k.asks(mark + "text from the page?")
	k.asks(mark + "text: and another one?")
	f.ask("homes", "Is there money for roofs?")
	for n := 1; n <= 3; n++ {
		f.click(f.card(n, "Accept"), f.anna, "Accept")
	}
	f.edgars.Reply(f.card(1, "Claim"), mark+"answer.")
	f.reads(1, "revision 1")
	f.click(f.card(1, "Approve"), f.anna, "Approve")
	f.submit(f.modal(f.anna, mark+"answer."))
	f.answered("homes", 1, mark+"answer.")
	k.answers(2, mark+"answer on the page.")
	k.approves(2)
	f.reads(2, "Published")
	if len(marked(k.pages())) == 0 {
		t.Error("the pages have nothing of them even before: this test proves nothing")
	}
	k.erases(mark + "@example.lv")
	f.reads(1, "Withdrawn")
	f.reads(2, "Withdrawn")
	k.forgotten(f.run, func() map[string]string {
		all := map[string]string{}
		say := func(ms []*slackfake.Message) {
			for _, m := range ms {
				if m.IsBot() && !m.Gone() {
					all["Slack"] += fmt.Sprint(strings.ReplaceAll(m.Text()+m.Raw(), "\n", " "), m.Metadata(), m.Blocks(), "\n")
				}
			}
		}
		for _, m := range f.desk.Messages() {
			say([]*slackfake.Message{m})
			say(m.Thread())
		}
		for _, u := range []*slackfake.User{f.anna, f.janis, f.edgars} {
			say(f.ws.Private(u))
		}
		return all
	})
}
