// What somebody else's client of Flickr's API (flickr-sdk, Flickr's own) makes of a server: it ends
// with an error where an answer is not what it expects. Arguments: address, key, secret, token,
// its secret, number of a photo, and id of a comment under it.
import assert from "node:assert/strict";
import { FetchTransport, OAuthAuth, createFlickr } from "flickr-sdk";

const [url, consumerKey, consumerSecret, oauthToken, oauthTokenSecret, photo_id, asked] = process.argv.slice(2);
const at = (address) => address.replace("https://api.flickr.com/services/rest", url)
  .replace("https://www.flickr.com/services/oauth", url.replace("/rest", "/oauth"));

// The client knows two addresses; here it calls others, and signs what it calls.
class Auth extends OAuthAuth {
  sign(method, address, params) { return super.sign(method, at(address), params); }
}
class Transport extends FetchTransport {
  fetch(address, init) { return super.fetch(at(address), init); }
}
const as = (token, secret) => createFlickr(new Auth(consumerKey, consumerSecret, token, secret), new Transport());
const { flickr } = as(oauthToken, oauthTokenSecret);
const refused = (code) => (e) => e.cause?.code === code;

const me = (await flickr("flickr.test.login", {})).user;
const shown = (await flickr("flickr.photos.getInfo", { photo_id })).photo;
assert.equal(shown.owner.nsid, me.id);
assert.equal((await flickr("flickr.auth.oauth.checkToken", {})).oauth.perms._content, "write");

const comments = async () => (await flickr("flickr.photos.comments.getList", { photo_id })).comments.comment;
const [question] = await comments();
assert.equal(question.id, asked);
assert.ok(question.permalink.endsWith("#comment" + asked.split("-").at(-1)) && Number(question.datecreate) > 0);

// In one line: a multipart form has other line ends than this client signs.
const comment_text = "Jā & nē ~ + % = * ' ( ) ! 👍";
const { id: comment_id } = (await flickr("flickr.photos.comments.addComment", { photo_id, comment_text })).comment;
const [, answer] = await comments();
assert.deepEqual([answer.id, answer.author, answer._content], [comment_id, me.id, comment_text]);
await flickr("flickr.photos.comments.editComment", { comment_id, comment_text: "Martā." });
assert.equal((await comments())[1]._content, "Martā.");
await flickr("flickr.photos.comments.deleteComment", { comment_id });
assert.equal((await comments()).length, 1);

await assert.rejects(flickr("flickr.photos.comments.deleteComment", { comment_id }), refused(2));
await assert.rejects(flickr("flickr.photos.comments.addComment", { photo_id, comment_text: " " }), refused(8));
await assert.rejects(flickr("flickr.photos.comments.deleteComment", { comment_id: asked }), refused(99));
await assert.rejects(as(oauthToken, "x").flickr("flickr.test.login", {}), refused(96));

// Somebody logs in, and types the code that the page shows.
const { oauth } = as(false, false);
const { requestToken, requestTokenSecret } = await oauth.request("oob");
const page = await fetch(at(oauth.authorizeUrl(requestToken, "write")), { method: "POST" });
const [, code] = (await page.text()).match(/class="code">([^<]+)</);
const access = await as(requestToken, requestTokenSecret).oauth.verify(code);
assert.equal(access.nsid, me.id);
assert.notEqual(access.oauthToken, oauthToken);
const again = as(access.oauthToken, access.oauthTokenSecret);
assert.equal((await again.flickr("flickr.test.login", {})).user.id, me.id);
await assert.rejects(as(requestToken, requestTokenSecret).oauth.verify(code), /Unauthorized/);
