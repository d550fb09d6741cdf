package x

// What a post costs, in thousandths of a dollar (https://docs.x.com/x-api/getting-started/pricing,
// November 2026): the same with a link whatever else it is, and less under a post that calls the account.
const (
	priceLink     = 200
	pricePost     = 15
	priceSummoned = 10
	priceWords    = 5  // for the words of a picture; the picture itself has no price there
	priceDelete   = 10 // of the two rows that may be meant the dearer one
	priceOwn      = 1  // for each post read of those that are the account's or mention it
	priceRead     = 5  // for each of any others, once a day; a look for a post counts as one
)

// PriceOf is what posting a text with so many pictures costs, in thousandths of a dollar, and what it would without a
// link; reply says that it goes under a post that mentions the account.
func PriceOf(text string, pictures int, reply bool) (price, plain int) {
	plain = pricePost
	if reply {
		plain = priceSummoned
	}
	price = plain
	if linked(text) {
		price = priceLink
	}
	return price + pictures*priceWords, plain + pictures*priceWords
}
