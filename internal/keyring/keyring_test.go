package keyring

import (
	"bytes"
	"encoding/hex"
	"testing"
)

const (
	newer = "a newer secret of thirty-two letters"
	older = "an older secret of thirty-two letters"
)

// TestEachPurposeHasItsOwnKey: what is signed for one purpose or with another secret
// passes for nothing else.
func TestEachPurposeHasItsOwnKey(t *testing.T) {
	t.Parallel()
	all := []Purpose{Receipts, Letters, Senders, Public, Voters, Networks, Links, Cookies, Tokens, Trials, Vault, Record}
	for i, p := range all {
		mac := Ring{newer}.For(p).Sign("a", "b")
		for j, q := range all {
			if (Ring{newer}).For(q).Signed(mac, "a", "b") != (i == j) {
				t.Errorf("what is signed for %q: %v for %q", p, i != j, q)
			}
		}
		if (Ring{older}).For(p).Signed(mac, "a", "b") {
			t.Errorf("%s: another secret accepts it", p)
		}
	}
}

// TestRotation: the first secret signs, what the others signed still holds, and no longer
// when they are taken out.
func TestRotation(t *testing.T) {
	t.Parallel()
	before, both, after := Ring{older}.For(Links), Ring{newer, older}.For(Links), Ring{newer}.For(Links)
	mac := before.Sign("x")
	if !both.Signed(mac, "x") || after.Signed(mac, "x") || (Keys{}).Signed(mac, "x") {
		t.Error("the signature of the older secret")
	}
	if fresh := both.Sign("x"); !bytes.Equal(fresh, after.Sign("x")) || before.Signed(fresh, "x") {
		t.Error("the newer secret does not sign")
	}
	if both.Signed(mac[:16], "x") || both.Signed(nil, "x") || both.Signed(mac, "y") {
		t.Error("half a signature, none, or another text")
	}
}

// TestPartsStayApart: moving a letter to the next part is another text.
func TestPartsStayApart(t *testing.T) {
	t.Parallel()
	ks := Ring{newer}.For(Links)
	if ks.Signed(ks.Sign("ab", "c"), "a", "bc") || ks.Signed(ks.Sign("abc"), "a", "bc") {
		t.Error("parts run together")
	}
}

// TestMark: a mark of any key in force is known, and nothing else is.
func TestMark(t *testing.T) {
	t.Parallel()
	former, ks := Ring{older}.For(Senders), Ring{newer, older}.For(Senders)
	m := former.Mark("hour", "17")
	if len(m) != 26 || !ks.Marked(m, "hour", "17") || ks.Mark("hour", "17") == m {
		t.Errorf("%q", m)
	}
	if ks.Marked(m, "hour", "18") || ks.Marked(m, "hour1", "7") || ks.Marked(m[:25], "hour", "17") || ks.Marked("", "hour", "17") ||
		(Ring{newer}).For(Senders).Marked(m, "hour", "17") {
		t.Error("another mark passes")
	}
}

// TestVaultKeyStays: tokens that are sealed already open with the key of before.
func TestVaultKeyStays(t *testing.T) {
	t.Parallel()
	const want = "973d4246c4f947351eb5e1ae41dc2bb4f707042b07a0eeb7391fdb0d8193bd60"
	if got := hex.EncodeToString(Ring{newer}.For(Vault)[0]); got != want {
		t.Errorf("%s", got)
	}
}
