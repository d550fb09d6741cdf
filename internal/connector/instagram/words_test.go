package instagram

import "experthour/internal/wording"

func init() { wording.Add(words) }
