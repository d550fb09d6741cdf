package draugiem

import (
	"context"
	"net/url"

	"experthour/internal/connector"
)

// answer answers a question that has no answer yet. Another one is left alone: somebody wrote it.
func (d *Draugiem) answer(ctx context.Context, id, text string) (connector.Sent, error) {
	q, there, err := d.question(ctx, id)
	switch {
	case err != nil:
		return connector.Sent{}, err
	case !there:
		return connector.Sent{}, refused("the question is not on the page any more")
	case same(q.Answer, text) || alike(q.Answer, text):
		return sent(answer, id), nil
	case q.Answer != "":
		return connector.Sent{}, refused("the question has another answer there already: please compare them and change it by hand")
	}
	return d.put(ctx, id, text)
}

// put gives an answer. A plain no is looked into: it may be the answer to a repeat.
func (d *Draugiem) put(ctx context.Context, id, text string) (connector.Sent, error) {
	_, err := d.write(ctx, faqAction, "answer", url.Values{"question_id": {id}, "answer": {text}})
	if saysNo(err) {
		if q, _, looked := d.question(ctx, id); looked == nil && same(q.Answer, text) {
			return sent(answer, id), nil
		}
	}
	if err != nil {
		return connector.Sent{}, err
	}
	return sent(answer, id), nil
}

// correct answers once more and looks whether that took the place of the first answer: what a
// second one does is not documented.
func (d *Draugiem) correct(ctx context.Context, id, text string) (connector.Sent, error) {
	before, there, err := d.question(ctx, id)
	switch {
	case err != nil:
		return connector.Sent{}, err
	case !there:
		return connector.Sent{}, refused("the question is not on the page any more")
	case same(before.Answer, text):
		return sent(answer, id), nil
	}
	if _, err := d.put(ctx, id, text); err != nil {
		return connector.Sent{}, err
	}
	after, _, err := d.question(ctx, id)
	switch {
	case err != nil:
		return connector.Sent{}, err
	case same(after.Answer, text) || after.Answer != before.Answer && alike(after.Answer, text):
		return sent(answer, id), nil
	}
	return connector.Sent{}, &connector.SendError{Outcome: connector.Unsure,
		Detail: "it says that it took the correction, and shows the former answer"}
}

// deleteAnswered deletes a question, if it has an answer.
func (d *Draugiem) deleteAnswered(ctx context.Context, id string) error {
	q, _, err := d.question(ctx, id)
	if err != nil || q.Answer == "" {
		return err
	}
	_, err = d.write(ctx, faqAction, "delete", url.Values{"question_id": {id}})
	return err
}
