// What somebody else's client of the Graph API (Meta's own SDK) makes of a server: it ends with an
// error where an answer is not what it expects. It also says which fields its description, from which
// Meta generates it, knows. Arguments: address without version, token, proof, Page, its post, a
// comment there, and the fields that the program asks of a comment and of a post.
import assert from "node:assert/strict";
import sdk from "facebook-nodejs-business-sdk";

const [graph, token, proof, pageID, postID, asked, commentFields, postFields] = process.argv.slice(2);
const { FacebookAdsApi, Page, PagePost, Comment, Photo } = sdk;
Object.defineProperty(FacebookAdsApi, "GRAPH", { get: () => graph });
FacebookAdsApi.init(token, "en_US", false);
const sure = (more) => ({ appsecret_proof: proof, ...more }); // the client changes what it is given

const flat = (list) => (list.includes("{") ? flat(list.replaceAll(/{[^{}]*}/g, "")) : list);
const names = (list) => flat(list).split(",");
for (const name of names(commentFields)) assert.ok(Object.values(Comment.Fields).includes(name), name);
for (const name of names(postFields)) assert.ok(Object.values(PagePost.Fields).includes(name), name);
assert.ok(Object.values(Photo.Fields).includes("alt_text_custom"));
assert.ok(Object.values(Comment.Filter).includes("stream") && Object.values(Comment.Order).includes("chronological"));

const page = await new Page(pageID).get(["id", "name"], sure());
assert.equal(page.id, pageID);
const feed = await new Page(pageID).getFeed(["id", "message"], sure({ limit: 5 }));
assert.equal(feed[0].id, postID);
const list = await new PagePost(postID).getComments(names(commentFields), sure({ filter: "stream", order: "chronological" }));
assert.equal(list[0].id, asked);
assert.equal(list[0].parent, undefined);
assert.ok(list[0].created_time && list[0].can_comment === true);

const answer = await new Comment(asked).createComment([], sure({ message: "In spring." }));
const read = await new Comment(answer.id).get(["id", "message", "from", "parent"], sure());
assert.equal(read.message, "In spring.");
assert.equal(read.from.id, pageID);
assert.equal(read.parent.id, asked);
await new Comment(answer.id).update([], sure({ message: "In March." }));
assert.equal((await new Comment(answer.id).get(["message"], sure())).message, "In March.");
await new Comment(answer.id).delete([], sure());
await assert.rejects(new Comment(answer.id).get(["id"], sure()), (e) => e.response.code === 100 && e.response.error_subcode === 33);
const post = await new Page(pageID).createFeed([], sure({ message: "We have started." }));
assert.ok(post.id.startsWith(pageID + "_"));
await new PagePost(post.id).delete([], sure());
