package x

import (
	"slices"
	"strings"
)

// Which characters make one emoji together, as npm twitter-text 3.1.0 sees it (its twemoji-parser 11): what is not listed counts
// each character.
const (
	// pictured are those that the selector behind them (U+FE0F) makes an emoji of.
	pictured = "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌚⌛⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼◽◾☀☁☂☃☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸☹☺♀♂♈♉" +
		"♊♋♌♍♎♏♐♑♒♓♟♠♣♥♦♨♻♿⚒⚓⚔⚕⚖⚗⚙⚛⚜⚠⚡⚪⚫⚰⚱⚽⚾⛄⛅⛈⛏⛑⛓⛔⛩⛪⛰⛱⛲⛳⛴⛵⛷⛸⛹⛺⛽✂✈✉✌✍" +
		"✏✒✔✖✝✡✳✴❄❇❗❣❤➡⤴⤵⬅⬆⬇⬛⬜⭐⭕〰〽㊗㊙🀄🅰🅱🅾🅿🈂🈚🈯🈷🌡🌤🌥🌦🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎🏔" +
		"🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂🗃🗄🗑🗒🗓🗜🗝🗞🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡" +
		"🛢🛣🛤🛥🛩🛰🛳"
	// toned are those that take a colour of skin.
	toned = "☝⛷⛹✊✋✌✍🎅🏂🏃🏄🏇🏊🏋🏌👂👃👆👇👈👉👊👋👌👍👎👏👐👦👧👨👩👮👰👱👲👳👴👵👶👷👸👼💁💂💃💅💆💇💪🕴🕵🕺🖐🖕🖖🙅🙆🙇🙋" +
		"🙌🙍🙎🙏🚣🚴🚵🚶🛀🛌🤘🤙🤚🤛🤜🤞🤟🤦🤰🤱🤲🤳🤴🤵🤶🤷🤸🤹🤽🤾🦵🦶🦸🦹🧑🧒🧓🧔🧕🧖🧗🧘🧙🧚🧛🧜🧝"
)

// flags are the countries whose two letters make a flag.
var flags = strings.Fields(`
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw
by bz ca cc cd cf cg ch ci ck cl cm cn co cp cr cu cv cw cx cy cz de dg dj dk dm do dz ea ec ee eg eh er es
et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu ic id ie
il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc
md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe
pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv
sx sy sz ta tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um un us uy uz va vc ve vg vi vn vu wf ws
xk ye yt za zm zw`)

const (
	selector = '\ufe0f'
	keycap   = '\u20e3'
	tones    = "\U0001F3FB\U0001F3FC\U0001F3FD\U0001F3FE\U0001F3FF"
	firstA   = '\U0001F1E6' // the letter A of a flag
	lastZ    = '\U0001F1FF'
)

// emoji is how many of the runes at the beginning are one emoji, as far as that is known; 0 is
// that the first one counts by itself.
func emoji(rs []rune) int {
	switch {
	case len(rs) > 2 && strings.ContainsRune("0123456789#*", rs[0]) && rs[1] == selector && rs[2] == keycap:
		return 3
	case len(rs) < 2:
		return 0
	case rs[1] == selector && strings.ContainsRune(pictured, rs[0]),
		strings.ContainsRune(tones, rs[1]) && strings.ContainsRune(toned, rs[0]),
		ofFlag(rs[0]) && ofFlag(rs[1]) && slices.Contains(flags, string([]rune{rs[0] - firstA + 'a', rs[1] - firstA + 'a'})):
		return 2
	}
	return 0
}

func ofFlag(r rune) bool { return r >= firstA && r <= lastZ }
