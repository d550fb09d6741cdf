package telegramfake_test

import (
	"fmt"
	"net/http"
	"net/url"

	"experthour/internal/connector/telegram/telegramfake"
)

// A test starts a server, gives the bot its address, lets people act and looks at
// what they see. Here one call stands for the bot.
func Example() {
	s, err := telegramfake.Start(telegramfake.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()

	anna := s.User(1001, "Anna")
	anna.Start("water-2026")

	res, err := http.PostForm(s.URL()+"/bot"+s.Token()+"/sendMessage", url.Values{
		"chat_id": {"1001"}, "text": {"<b>Question #1</b>\nreceived"}, "parse_mode": {"HTML"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"Withdraw","callback_data":"w1"}]]}`},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = res.Body.Close()

	receipt := anna.Chat().Card(1)
	fmt.Println(receipt.Text())
	fmt.Println(receipt.Labels(), len(anna.Notifications()))
	// Output:
	// Question #1
	// received
	// [Withdraw] 1
}
