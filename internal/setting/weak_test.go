package setting

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"testing"
)

func TestWeakSecrets(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx":               "has too few different characters",
		"abababababababababababababababababab":           "has too few different characters",
		"0123456789abcdef0123456789abcdef":               "repeats itself",
		"S7#k2!qPz9S7#k2!qPz9S7#k2!qPz9S7#":              "repeats itself",
		"abcdefghijklmnopqrstuvwxyz0123456789":           "is a row of neighbouring characters",
		"zyxwvutsrqponmlkjihgfedcba9876543210":           "is a row of neighbouring characters",
		"expert-hour-of-the-institution-2026":            "is made of words",
		"ThisIsTheSecretOfOurExpertHourBot":              "",
		"change me please, this is not a secret":         "is made of words",
		"lūdzu nomainiet šo noslēpumu pēc uzstādīšanas":  "is made of words",
		"THE SECRET OF THE MINISTRY OF EXAMPLES":         "is made of words",
		"5f1d7e0c9ab34c2286d1f0a4e7b35c98":               "",
		"q3VtL0p8XGZ5c2hYb0R1TnJ4S2VjUW1hUDdFd0l2aGk=":   "",
		"MFRGGZDFMZTWQ2LKNRWW433QOJZXIZLSMVQXI2LPNYQHI5": "",
	} {
		if got := Weak(secret); got != want {
			t.Errorf("%s: %q, want %q", secret, got, want)
		}
	}
}

// TestRandomSecretsPass: what the usual commands print is never called weak.
func TestRandomSecretsPass(t *testing.T) {
	t.Parallel()
	for range 2000 {
		b := make([]byte, 32)
		_, _ = rand.Read(b)
		for _, secret := range []string{hex.EncodeToString(b), hex.EncodeToString(b[:16]), base64.StdEncoding.EncodeToString(b)} {
			if why := Weak(secret); why != "" {
				t.Errorf("%s %s", secret, why)
			}
		}
	}
}
