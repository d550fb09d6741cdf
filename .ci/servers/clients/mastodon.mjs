// What somebody else's client of Mastodon's API (masto) makes of a server: it ends with an error
// where an answer is not what it expects. Arguments: address, token, id of a post that mentions
// the account, and a hashtag of that.
import assert from "node:assert/strict";
import { createRestAPIClient } from "masto";

const [url, accessToken, asked, tag] = process.argv.slice(2);
const { v1, v2 } = createRestAPIClient({ url, accessToken });
const once = (key) => ({ requestInit: { headers: { "Idempotency-Key": key } } });

const me = await v1.accounts.verifyCredentials();
assert.equal(me.acct, "iestade");
assert.equal((await v1.instance.fetch()).configuration.statuses.maxCharacters, 500);

const [mention] = await v1.notifications.list({ types: ["mention"], limit: 40 });
assert.equal(mention.type, "mention");
assert.equal(mention.status.id, asked);
assert.equal(mention.status.mentions[0].id, me.id);
const [tagged] = await v1.timelines.tag.$select(tag).list({ limit: 40 });
assert.equal(tagged.id, asked);

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64");
const picture = await v2.media.create({ file: new File([png], "map.png", { type: "image/png" }), description: "A map." });
const answer = { status: "In spring.", inReplyToId: asked, mediaIds: [picture.id], visibility: "public", language: "en" };
const posted = await v1.statuses.create(answer, once("a1"));
assert.equal((await v1.statuses.create(answer, once("a1"))).id, posted.id, "the same key is the same post");
assert.equal(posted.inReplyToAccountId, mention.account.id);
assert.equal(posted.mediaAttachments[0].description, "A map.");
assert.ok(posted.createdAt && !posted.editedAt);

const edited = await v1.statuses.$select(posted.id).update({ status: "In March.", mediaIds: [picture.id] });
assert.ok(edited.editedAt && edited.content.includes("In March."));
const { descendants } = await v1.statuses.$select(asked).context.fetch();
assert.deepEqual(descendants.map((s) => s.id), [posted.id]);
await v1.statuses.$select(posted.id).remove();
await assert.rejects(v1.statuses.$select(posted.id).fetch(), { statusCode: 404 });
