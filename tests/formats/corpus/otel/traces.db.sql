CREATE TABLE spans (span_id TEXT PRIMARY KEY, trace_id TEXT NOT NULL, parent_span_id TEXT, name TEXT NOT NULL,
  start_time_ms INTEGER NOT NULL, end_time_ms INTEGER NOT NULL, status_code INTEGER NOT NULL DEFAULT 0,
  status_message TEXT, operation_name TEXT, conversation_id TEXT, input_tokens INTEGER, chat_session_id TEXT,
  ttft_ms REAL);
CREATE TABLE span_attributes (span_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT, PRIMARY KEY (span_id, key));
CREATE TABLE span_events (id INTEGER PRIMARY KEY AUTOINCREMENT, span_id TEXT NOT NULL, name TEXT NOT NULL,
  timestamp_ms INTEGER NOT NULL, attributes TEXT);
INSERT INTO spans VALUES ('a1', 't1', NULL, 'invoke_agent Chat', 1750000000000, 1750000009000.5, 1, NULL,
  'invoke_agent', NULL, 12, 'chat-1', NULL);
INSERT INTO spans VALUES ('a2', 't1', 'a1', 'chat m', 1750000001000, 1750000002000.25, 0, NULL,
  'chat', 'inner-1', 12, 'chat-1', 120.5);
INSERT INTO span_attributes VALUES ('a1', 'copilot_chat.user_request', 'Prune the hedge');
INSERT INTO span_attributes VALUES ('a2', 'gen_ai.request.model', 'm');
INSERT INTO span_attributes VALUES ('a2', 'gen_ai.usage.input_tokens', '12');
INSERT INTO span_attributes VALUES ('a2', 'gen_ai.usage.output_tokens', '3');
INSERT INTO span_attributes VALUES ('a2', 'gen_ai.input.messages',
  '[{"role":"user","parts":[{"type":"text","content":"<env/> Prune the hedge"}]}]');
INSERT INTO span_attributes VALUES ('a2', 'gen_ai.output.messages',
  '[{"role":"assistant","parts":[{"type":"text","content":"Pruned."}]}]');
INSERT INTO span_events (span_id, name, timestamp_ms, attributes) VALUES
  ('a1', 'turn_start', 1750000000500.5, '{"turnId":"0"}');
INSERT INTO span_events (span_id, name, timestamp_ms, attributes) VALUES ('a1', 'odd', 1750000000600, 'no JSON');
