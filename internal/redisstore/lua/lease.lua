-- lease: takes the first delivery of a lane that may leave now and writes the intent.
-- KEYS: session d lanes unresolved lane leases q
-- ARGV: 1 op, 2 ttl ms, 3 name of the lane, 4 how many replicas confirm a lease
-- Returns {member, fence, wanted, open, intent, since, tries, v doc h of its question or of the session, counter and note},
-- or the ms until somebody should look again (0: nothing there). An intent that a failover may have lost is open, since 0.
local now = clock()

-- about: the reply on a member, with what its work reads.
local function about(member, fence, wanted, open, what, since, tries)
  local n, of = string.match(member, '^%d+'), nil
  if ofSession(member) then
    of = call('HMGET', KEYS[1], 'v', 'doc', 'h')
  else
    of = call('HMGET', KEYS[7], n .. '.v', n .. '.doc', n .. '.h')
  end
  return {member, fence, wanted, open, what, since, tries, of[1] or '', of[2] or '', of[3] or '',
    call('HGET', KEYS[2], member .. '|n') or ''}
end

local l = leased(KEYS[6], COPIES)
if held(l, now) then
  if l[1] ~= ARGV[1] then return math.min(l[3] - now, 1000) end -- it may end early
  local tries, since, what = intent(call('HGET', KEYS[2], l[2] .. '|i')) -- the reply was lost: the same one again
  return about(l[2], l[5], call('HGET', KEYS[2], l[2] .. '|w') or '-0', l[4], what, since, tries)
end
local wait = rest(KEYS[6], COPIES, now)
if wait > 0 then return wait end

-- first: the copy that comes first between two scores.
local function first(from, to) return call('ZRANGEBYSCORE', KEYS[5], from, to, 'LIMIT', 0, 1)[1] end

local NOTICE = 3 -- its class
local run, member = call('HGET', KEYS[1], 'run'), nil
if run == '1' then
  member = first('-inf', '+inf')
else -- take-backs and notices always leave, announcements where it is "2"
  member = first('-inf', '(' .. string.format('%.0f', (run == '2' and 2 or 1) * CLASS)) or first(lined(NOTICE))
end
if not member then return 0 end
local wanted = call('HGET', KEYS[2], member .. '|w') or '-0'
local tries, since, what, at = intent(call('HGET', KEYS[2], member .. '|i'))
local id, _, promoted = primary()

-- lost: whether an intent may be missing: the copy was in line when this server still followed another one, which had
-- more replicas than confirm a lease, and nothing is known here of an attempt since.
local function lost()
  local was, followers = string.match(call('HGET', KEYS[2], member .. '|p') or '', '^(%w+) (%d+)$')
  return promoted and at ~= id and was and was ~= id and tonumber(followers) > tonumber(ARGV[4])
end

local open = what ~= '-' and '1' or '0'
if open == '0' then
  since, what = string.format('%.0f', now), wanted
  if lost() then open, since = '1', '0' end
end
call('HSET', KEYS[2], member .. '|i', (tries + 1) .. ' ' .. since .. ' ' .. what .. ' ' .. (id or ''))
local fence = take(KEYS[6], COPIES, ARGV[1], member, now + ARGV[2], open, '', '')
return about(member, fence, wanted, open, what, since, tries + 1)
