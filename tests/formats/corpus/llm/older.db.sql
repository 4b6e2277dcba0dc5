-- The older log: two conversations, one response by itself.
CREATE TABLE conversations (id TEXT PRIMARY KEY, name TEXT, model TEXT);
CREATE TABLE responses (id TEXT PRIMARY KEY, model TEXT, prompt TEXT, system TEXT, prompt_json TEXT,
  options_json TEXT, response TEXT, response_json TEXT, conversation_id TEXT, duration_ms INTEGER,
  datetime_utc TEXT, input_tokens INTEGER, output_tokens INTEGER, token_details TEXT, schema_id TEXT,
  resolved_model TEXT, reasoning TEXT);
CREATE TABLE attachments (id TEXT PRIMARY KEY, type TEXT, path TEXT, url TEXT, content BLOB);
CREATE TABLE prompt_attachments (response_id TEXT, attachment_id TEXT, "order" INTEGER);
CREATE TABLE fragments (id INTEGER PRIMARY KEY, hash TEXT, content TEXT, datetime_utc TEXT, source TEXT);
CREATE TABLE prompt_fragments (response_id TEXT, fragment_id INTEGER, "order" INTEGER);
CREATE TABLE system_fragments (response_id TEXT, fragment_id INTEGER, "order" INTEGER);
CREATE TABLE tool_calls (id INTEGER PRIMARY KEY, response_id TEXT, tool_id INTEGER, name TEXT,
  arguments TEXT, tool_call_id TEXT);
CREATE TABLE tool_results (id INTEGER PRIMARY KEY, response_id TEXT, tool_id INTEGER, name TEXT,
  output TEXT, tool_call_id TEXT, exception TEXT);
INSERT INTO conversations VALUES ('c1', 'Adding', 'mock');
INSERT INTO responses VALUES ('01a', 'mock', 'Add one and one', 'Be brief', NULL, '{}', 'I add.', NULL, 'c1', 1500,
  '2026-01-02T10:00:00+00:00', 10, 5, NULL, NULL, 'mock-2', 'First I think.');
INSERT INTO responses VALUES ('01b', 'mock', '', 'Be brief', NULL, '{}', 'Two.', NULL, 'c1', 900,
  '2026-01-02T10:00:05+00:00', 20, 3, NULL, NULL, NULL, NULL);
INSERT INTO responses VALUES ('01c', 'mock', 'Alone', NULL, NULL, '{}', 'Yes.', NULL, NULL, 100,
  '2026-01-02T11:00:00+00:00', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO attachments VALUES ('a1', 'image/png', NULL, NULL, x'89504e47'), ('a2', 'application/pdf', '/home/me/a.pdf', NULL, NULL);
INSERT INTO prompt_attachments VALUES ('01a', 'a1', 0), ('01a', 'a2', 1);
INSERT INTO fragments VALUES (1, 'h', 'a long fragment', '2026-01-02', NULL);
INSERT INTO prompt_fragments VALUES ('01a', 1, 0);
INSERT INTO tool_calls VALUES (1, '01a', 1, 'add', '{"a": 1, "b": 1}', 'call_1'), (2, '01a', 1, 'add', '{"a": 2, "b": 2}', 'call_2');
INSERT INTO tool_results VALUES (1, '01b', 1, 'add', '2', 'call_1', NULL), (2, '01b', 1, 'add', 'Error', 'call_2', 'ValueError: no');
