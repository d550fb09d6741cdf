package facebook

import "experthour/internal/wording"

func init() { wording.Add(words) }
