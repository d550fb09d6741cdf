package session

// Media is what somebody sent beside or instead of words. Only that it was there is kept of it,
// and pictures: see Enclosure.
type Media string

// The kinds of media, as people call them.
const (
	MediaPicture Media = "picture"
	MediaVideo   Media = "video"
	MediaVoice   Media = "voice" // spoken, or any other sound
	MediaFile    Media = "file"
	MediaSticker Media = "sticker"
	MediaThing   Media = "thing" // a place, a contact, a poll, a die
)
