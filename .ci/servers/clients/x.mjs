// What X's own client (xdk) makes of a server: it ends with an error where an answer is not what it
// expects. Arguments: address, the four keys, and ids of a post that mentions the account and of one that does not.
import assert from "node:assert/strict";
import { Client, OAuth1 } from "@xdevplatform/xdk";

const [baseUrl, apiKey, apiSecret, accessToken, accessTokenSecret, asked, talk] = process.argv.slice(2);
const oauth1 = new OAuth1({ apiKey, apiSecret, accessToken, accessTokenSecret });
const { users, posts } = new Client({ baseUrl, oauth1 });

const me = (await users.getMe()).data;
assert.equal(me.username, "iestade");
const mentions = await users.getMentions(me.id, {
	maxResults: 10, postFields: ["created_at", "public_metrics"], expansions: ["author_id", "referenced_posts"],
});
assert.deepEqual(mentions.data.map((p) => p.id), [asked]);
assert.equal(mentions.data[0].publicMetrics.likeCount, 0);
assert.equal(mentions.includes.users[0].id, mentions.data[0].authorId);

const answer = { text: "In spring.", reply: { in_reply_to_tweet_id: asked } };
const posted = (await posts.create(answer)).data;
assert.ok(BigInt(posted.id) > BigInt(Number.MAX_SAFE_INTEGER));
await assert.rejects(posts.create(answer), { status: 403 }, "the same text is refused");
await assert.rejects(posts.create({ text: "No.", reply: { in_reply_to_tweet_id: talk } }), { status: 403 });

const own = await users.getPosts(me.id, { maxResults: 5, expansions: ["referenced_posts"] });
assert.deepEqual(own.data.map((p) => p.id), [posted.id]);
assert.equal(own.data[0].referencedPosts[0].id, asked);
const both = await posts.getByIds([asked, "1"], { postFields: ["public_metrics"] });
assert.equal(both.data[0].id, asked);
assert.equal(both.errors[0].value, "1");
await posts.delete(posted.id);
assert.equal((await users.getPosts(me.id, { maxResults: 5 })).data, undefined);
const found = await posts.searchRecent(`(in_reply_to_tweet_id:${asked}) -from:iestade -@iestade`, { maxResults: 10 });
assert.equal(found.meta.resultCount, 0);
