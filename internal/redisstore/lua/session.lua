-- session: writes a session, new or changed, with deliveries, and may end a lease.
-- KEYS: session log p open moving unresolved voters d lanes networks refs typing [dirty cards] [lm, its lane] lanes…
-- ARGV: 1 moment at which it was read ("" is new), 2 op, 3 channel, 4 wake-up, 5 doc, 6 hash, 7 what may leave, 8 voting "1",
--       9 name of the cards' lane or "", 10 quiet "1", 11 to forget: who voted and asked, what is in refs, "1" each,
--       12 fence or "", 13 its member, 14 its lane's name,
--       15 count of deliveries, 16 class of the board's card, 17… entry (8), 25… deliveries (see common.lua)
-- Returns ok | conflict | fenced | unknown | taken | {questions, copies} that are unsettled.
local was = call('HMGET', KEYS[1], 'v', 'op', 'h')
if was[1] and repeated(was[2], ARGV[2]) then return 'ok' end
if ARGV[1] == '' and was[1] then return 'taken' end
if ARGV[1] ~= '' and not was[1] then return 'unknown' end
if ARGV[1] ~= '' and moment(was[1], was[3]) ~= ARGV[1] then return 'conflict' end
if ARGV[10] == '1' then
  local open, moving, unresolved = call('ZCARD', KEYS[4]), call('ZCARD', KEYS[5]), 0
  for _, member in ipairs(call('SMEMBERS', KEYS[6])) do
    if not ofSession(member) then unresolved = unresolved + 1 end
  end
  if open + moving + unresolved > 0 then return {open, moving > 0 and moving or unresolved} end
end
local key, lm, lane = 13, nil, nil
if ARGV[9] ~= '' then key = 15 end
if ARGV[12] ~= '' then
  lm, lane, key = KEYS[key], KEYS[key+1], key + 2
  if not holds(lm, ARGV[12], ARGV[13]) then return 'fenced' end
end

call('HSET', KEYS[1], 'v', ARGV[17], 'doc', ARGV[5], 'h', ARGV[6], 'op', with(was[2], ARGV[2]),
  'run', ARGV[7], 'voting', ARGV[8], 'lane', ARGV[9])
entry(KEYS[2], KEYS[3], 0, 17)
if string.sub(ARGV[11], 1, 1) == '1' then call('UNLINK', KEYS[7], KEYS[10], KEYS[12]) end
if string.sub(ARGV[11], 2, 2) == '1' then call('UNLINK', KEYS[11]) end
if ARGV[9] ~= '' then dirt(KEYS[13], KEYS[14], 0, tonumber(ARGV[16])) end
if lm then ended(KEYS[8], lm, ARGV[12], ARGV[13]) end
deliveries(tonumber(ARGV[15]), 25, KEYS[8], KEYS[9], KEYS[6], key)
if lm then tidy(KEYS[8], KEYS[9], KEYS[6], lane, ARGV[14], ARGV[13]) end
call('PUBLISH', ARGV[3], ARGV[4])
return 'ok'
