-- Two plain sessions; items that are no item of the API, and no JSON.
CREATE TABLE agent_sessions (session_id TEXT PRIMARY KEY,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE agent_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL,
  message_data TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
INSERT INTO agent_sessions VALUES ('alice', '2026-01-02 10:00:00', '2026-01-02 10:00:30'), ('bob', '2026-01-02 10:00:00', '2026-01-02 10:00:30');
INSERT INTO agent_messages VALUES (1, 'alice', '{"role": "user", "content": "Is it sunny?"}', '2026-01-02 10:00:01');
INSERT INTO agent_messages VALUES (2, 'alice', '{"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "I ask."}], "encrypted_content": "c2VhbA=="}', '2026-01-02 10:00:02');
INSERT INTO agent_messages VALUES (3, 'alice', '{"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"}', '2026-01-02 10:00:03');
INSERT INTO agent_messages VALUES (4, 'alice', '{"id": "fc_2", "type": "function_call", "call_id": "call_2", "name": "weather", "arguments": "{\"city\":\"Rome\"}"}', '2026-01-02 10:00:04');
INSERT INTO agent_messages VALUES (5, 'alice', '{"type": "function_call_output", "call_id": "call_1", "output": "sunny"}', '2026-01-02 10:00:05');
INSERT INTO agent_messages VALUES (6, 'alice', '{"type": "function_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "rain"}, {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="}]}', '2026-01-02 10:00:06');
INSERT INTO agent_messages VALUES (7, 'alice', '{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [{"type": "output_text", "text": "In Oslo.", "annotations": []}]}', '2026-01-02 10:00:07');
INSERT INTO agent_messages VALUES (8, 'alice', '{"role": "user", "content": [{"type": "input_text", "text": "And now?"}]}', '2026-01-02 10:00:08');
INSERT INTO agent_messages VALUES (9, 'alice', '{"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "weather"}}', '2026-01-02 10:00:09');
INSERT INTO agent_messages VALUES (10, 'alice', '{"id": "msg_2", "type": "message", "role": "assistant", "status": "completed", "content": [{"type": "output_text", "text": "Still.", "annotations": []}]}', '2026-01-02 10:00:10');
INSERT INTO agent_messages VALUES (11, 'bob', '{"role": "user", "content": "Hello"}', '2026-01-02 10:00:11');
INSERT INTO agent_messages VALUES (12, 'bob', '{"type": "from_the_future", "x": 1}', '2026-01-02 10:00:12');
INSERT INTO agent_messages VALUES (13, 'bob', '{"role": "us', '2026-01-02 10:00:13');
