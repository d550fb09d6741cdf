// A directory of identities, a view of all posts and a server of accounts, on one machine.
// Says READY with the address of the server of accounts, and ends with its process.
import { randomBytes } from 'node:crypto'
import { TestPlc, TestPds, TestBsky, TestBsync, mockNetworkUtilities } from '@atproto/dev-env'
import getPort from 'get-port'

const dbUrl = process.env.DB_POSTGRES_URL
const plc = await TestPlc.create({})
const pdsPort = await getPort()
const bskyPort = await getPort()
const bsync = await TestBsync.create({ apiKeys: ['key'], dbUrl, dbSchema: 'bsync' })
const bsky = await TestBsky.create({
  port: bskyPort, plcUrl: plc.url, pdsPort, bsyncApiKey: 'key', bsyncUrl: bsync.url,
  repoProvider: `ws://localhost:${pdsPort}`, dbPostgresSchema: 'appview', dbPostgresUrl: dbUrl,
  redisHost: process.env.REDIS_HOST, privateKey: randomBytes(32).toString('hex'),
})
bsync.ctx.dataplaneClients = [bsky.ctx.dataplane]
const pds = await TestPds.create({
  port: pdsPort, didPlcUrl: plc.url, bskyAppViewUrl: bsky.url, bskyAppViewDid: bsky.ctx.cfg.serverDid, inviteRequired: false,
})
mockNetworkUtilities(pds, bsky)
console.log('READY ' + pds.url)
