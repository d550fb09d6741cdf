-- touch: a card is out of date without a change of its question.
-- KEYS: dirty cards
-- ARGV: 1 n
-- Returns ok | question.
if call('HEXISTS', KEYS[2], ARGV[1] .. '.s') == 0 then return 'question' end

dirt(KEYS[1], KEYS[2], ARGV[1], OTHER)
return 'ok'
