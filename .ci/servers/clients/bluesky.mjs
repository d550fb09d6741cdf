// What somebody else's client of the AT Protocol (@atproto/api, Bluesky's own) makes of a server:
// it holds every answer against the lexicon, and ends with an error where one is not what it
// expects. Arguments: address, handle, password, address of a post that mentions the account, and
// a hashtag of that.
import assert from "node:assert/strict";
import { AtpAgent, RichText } from "@atproto/api";

const [service, identifier, password, asked, tag] = process.argv.slice(2);
const agent = new AtpAgent({ service });
await agent.login({ identifier, password });
assert.equal((await agent.com.atproto.server.getSession()).data.handle, identifier);
const repo = agent.did;

const told = await agent.listNotifications({ reasons: ["mention", "reply"], limit: 100 });
const [mention] = told.data.notifications;
assert.equal(mention.reason, "mention");
assert.equal(mention.uri, asked);
const found = await agent.app.bsky.feed.searchPosts({ q: "#" + tag, sort: "latest", limit: 25 });
assert.equal(found.data.posts[0].uri, asked);
const [question] = (await agent.getPosts({ uris: [asked] })).data.posts;
const under = { uri: question.uri, cid: question.cid };

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64");
const { blob } = (await agent.uploadBlob(png, { encoding: "image/png" })).data;
const text = new RichText({ text: "In spring. https://example.test/s #answers" });
text.detectFacetsWithoutResolution();
const record = { $type: "app.bsky.feed.post", text: text.text, facets: text.facets, langs: ["en"], createdAt: new Date().toISOString(),
  reply: { root: under, parent: under },
  embed: { $type: "app.bsky.embed.images", images: [{ image: blob, alt: "A map.", aspectRatio: { width: 1, height: 1 } }] } };
const at = { repo, collection: "app.bsky.feed.post", rkey: "3kxyz2222222a" };
const posted = (await agent.com.atproto.repo.putRecord({ ...at, record, swapRecord: null })).data;
const same = (await agent.com.atproto.repo.putRecord({ ...at, record, swapRecord: null })).data;
assert.equal(same.cid, posted.cid, "the same record stands already");
const other = { ...at, record: { ...record, text: text.text + "!" }, swapRecord: null };
await assert.rejects(agent.com.atproto.repo.putRecord(other), { error: "InvalidSwap" });

const read = (await agent.com.atproto.repo.getRecord(at)).data;
assert.equal(read.cid, posted.cid);
assert.equal(read.value.text, text.text);
const { thread } = (await agent.getPostThread({ uri: posted.uri, depth: 0, parentHeight: 0 })).data;
assert.equal(thread.post.uri, posted.uri);
assert.equal(thread.post.embed.images[0].alt, "A map.");
await agent.com.atproto.repo.deleteRecord(at);
await assert.rejects(agent.com.atproto.repo.getRecord(at), { error: "RecordNotFound" });
await agent.sessionManager.refreshSession();
