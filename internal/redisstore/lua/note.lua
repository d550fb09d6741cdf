-- note: keeps a note of an attempt at a copy, while its lease is held.
-- KEYS: d leases
-- ARGV: 1 fence, 2 member, 3 counter, 4 note
-- Returns ok | fenced.
if not holds(KEYS[2], ARGV[1], ARGV[2]) then return 'fenced' end

call('HSET', KEYS[1], ARGV[2] .. '|n', ARGV[3] .. ' ' .. ARGV[4])
return 'ok'
