package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

// TestXMoney: what an hour may cost is spent. What waits outlives a kill, the desk says what it waits for, and
// goes out once the ceiling is lifted, once.
func TestXMoney(t *testing.T) {
	t.Parallel()
	a := openAccount(t, "usd_an_hour = 1")
	a.at.schedule("homes")
	a.once("We have started")
	for i := range 5 {
		a.x.Write("2244994945", fmt.Sprintf("@iestade When is round %d?", i))
	}
	for i := range 5 {
		a.submit(a.question(5, fmt.Sprint("round ", i)), fmt.Sprintf("In %d days, see vid.gov.lv.", i+2))
		a.approve(janis, 5, fmt.Sprint("round ", i))
	}
	money := func() any {
		_, out := a.at.api(a.tokens[anna], http.MethodGet, "/api/v1/desk/sessions/homes", nil)
		return out["money"]
	}
	testenv.Until(t, "one waits for money", func() bool { return strings.Contains(fmt.Sprint(money()), "ceiling:1000") })
	a.kill()
	if n := len(a.own(" days, ")); n != 4 {
		t.Errorf("%d answers stand; %v waits", n, money())
	}
	a.tell(anna, "/lift", map[string]any{"dollars": 5})
	for i := range 5 {
		a.once(fmt.Sprintf("In %d days, see", i+2))
	}
	a.rests(5)
	if got := fmt.Sprint(money()); !strings.Contains(got, "more:5000") || strings.Contains(got, "unpaid") {
		t.Errorf("money is %s", got)
	}
}
