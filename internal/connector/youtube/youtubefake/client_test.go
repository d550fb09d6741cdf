package youtubefake_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
	youtube "google.golang.org/api/youtube/v3"

	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/connector/youtube/youtubetest"
)

// TestClient: Google's own client lives with the fake, which says nothing that is not described.
func TestClient(t *testing.T) {
	t.Parallel()
	y := youtubefake.New(t, time.Now)
	at := youtubetest.Judge(t, y.URL)
	config := oauth2.Config{ClientID: youtubefake.ClientID, ClientSecret: youtubefake.ClientSecret,
		Endpoint: oauth2.Endpoint{TokenURL: at + youtubefake.Token, AuthStyle: oauth2.AuthStyleInParams}}
	source := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: youtubefake.Refresh})
	c, err := youtube.NewService(t.Context(), option.WithEndpoint(at+"/"), option.WithTokenSource(source))
	if err != nil {
		t.Fatal(err)
	}
	question := y.Write("UCilze_0123456789abcdefg", "@ilze", "Kas ir?", "")
	threads, err := c.CommentThreads.List([]string{"snippet", "replies"}).VideoId(youtubefake.Video).TextFormat("plainText").Do()
	if err != nil || len(threads.Items) != 1 || threads.Items[0].Snippet.TopLevelComment.Snippet.TextDisplay != "Kas ir?" {
		t.Fatalf("%+v, %v", threads, err)
	}
	reply, err := c.Comments.Insert([]string{"snippet"}, &youtube.Comment{Snippet: &youtube.CommentSnippet{ParentId: question,
		TextOriginal: "Šis."}}).Do()
	if err != nil || reply.Snippet.ParentId != question {
		t.Fatalf("%+v, %v", reply, err)
	}
	reply.Snippet = &youtube.CommentSnippet{TextOriginal: "Tas."}
	if _, err = c.Comments.Update([]string{"snippet"}, &youtube.Comment{Id: reply.Id, Snippet: reply.Snippet}).Do(); err != nil {
		t.Fatal(err)
	}
	below, err := c.Comments.List([]string{"snippet"}).ParentId(question).Do()
	if err != nil || len(below.Items) != 1 || below.Items[0].Snippet.TextOriginal != "Tas." {
		t.Fatalf("%+v, %v", below, err)
	}
	rest(t, c, reply.Id, question)
	if all := y.Comments(); len(all) != 2 || all[1].Text != "Sākam." {
		t.Errorf("%+v", all)
	}
}

// rest tries the other methods, and how the client understands a no.
func rest(t *testing.T, c *youtube.Service, reply, question string) {
	t.Helper()
	if err := c.Comments.SetModerationStatus([]string{question}, "published").Do(); err != nil {
		t.Error(err)
	}
	if err := c.Comments.Delete(reply).Do(); err != nil {
		t.Error(err)
	}
	err := c.Comments.Delete(reply).Do()
	e, is := errors.AsType[*googleapi.Error](err)
	if !is || e.Code != http.StatusNotFound || !slices.Equal(e.Errors, []googleapi.ErrorItem{{Reason: "commentNotFound",
		Message: "The specified comment could not be found."}}) {
		t.Errorf("%v", err)
	}
	_, err = c.CommentThreads.Insert([]string{"snippet"}, &youtube.CommentThread{Snippet: &youtube.CommentThreadSnippet{
		ChannelId: youtubefake.Self, VideoId: youtubefake.Video,
		TopLevelComment: &youtube.Comment{Snippet: &youtube.CommentSnippet{TextOriginal: "Sākam."}}}}).Do()
	if err != nil {
		t.Error(err)
	}
	if v, err := c.Videos.List([]string{"snippet", "statistics", "status"}).Id(youtubefake.Video).Do(); err != nil ||
		v.Items[0].Statistics.CommentCount != 2 {
		t.Errorf("%+v, %v", v, err)
	}
	if m, err := c.Channels.List([]string{"snippet"}).Mine(true).Do(); err != nil || m.Items[0].Id != youtubefake.Self {
		t.Errorf("%+v, %v", m, err)
	}
}
