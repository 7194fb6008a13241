package io.embedlake.local.hub;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubProxyTest {
    @TempDir
    Path folder;

    @Test
    void aModelComesThroughAProxyThatAsksForALogin() {
        try (HubFixture fixture = new HubFixture(folder)) {
            fixture.repository.commit(HubFixture.files());
            fixture.server.fault((call, exchange, body) -> {
                boolean isDirect = call.server().equals("storage");
                if (isDirect || !call.header("Proxy-Authorization").isEmpty()) {
                    return false;
                }
                FakeHub.refuse(exchange, 407, Map.of("Proxy-Authenticate", "Basic realm=\"proxy\""));
                return true;
            });
            String proxy = fixture.server.endpoint().toString().replace("http://", "http://me:pass%20word@");
            Hub hub = fixture.with("HF_ENDPOINT", "http://hub.example")
                    .with("HTTP_PROXY", proxy)
                    .with("NO_PROXY", "127.0.0.1")
                    .hub();
            assertTrue(hub.resolve(HubFixture.MODEL)
                    .folder()
                    .resolve("config.json")
                    .toFile()
                    .isFile());
            assertTrue(fixture.server.calls().stream()
                    .filter(call -> call.path().startsWith("/api/"))
                    .anyMatch(call -> call.header("Host").equals("hub.example")
                            && call.header("Proxy-Authorization").equals("Basic bWU6cGFzcyB3b3Jk")));
        }
    }

    @Test
    void aWrongLoginIsNotTriedForEver() {
        try (HubFixture fixture = new HubFixture(folder)) {
            fixture.server.fault(Faults.status("GET", "", 99, 407, Map.of("Proxy-Authenticate", "Basic realm=\"p\"")));
            String proxy = fixture.server.endpoint().toString().replace("http://", "http://me:hf_secret@");
            Hub hub = fixture.with("HF_ENDPOINT", "http://hub.example")
                    .with("HTTP_PROXY", proxy)
                    .hub();
            String message = assertMisconfigured(() -> hub.resolve(HubFixture.MODEL), "407")
                    .getMessage();
            assertFalse(message.contains("hf_secret"), message);
            assertEquals(2, fixture.server.calls().size());
        }
    }
}
