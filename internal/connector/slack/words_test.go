package slack

import "experthour/internal/wording"

func init() { wording.Add(words) }
