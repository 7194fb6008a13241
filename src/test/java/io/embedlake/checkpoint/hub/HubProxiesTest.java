package io.embedlake.checkpoint.hub;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubProxiesTest {
    @TempDir
    Path folder;

    @Test
    void eachSchemeHasItsProxy() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://secure:3128", "HTTP_PROXY", "plain");
        assertEquals("HTTP secure:3128", proxy(environment, "https://hub.example/x"));
        assertEquals("HTTP plain:80", proxy(environment, "http://hub.example/x"));
        assertEquals("DIRECT", proxy(Map.of(), "https://hub.example/x"));
    }

    @Test
    void smallLettersComeFirstAndAllProxyLast() {
        Map<String, String> environment =
                Map.of("https_proxy", "http://small:1", "HTTPS_PROXY", "http://large:2", "ALL_PROXY", "socks5://all");
        assertEquals("HTTP small:1", proxy(environment, "https://hub.example/x"));
        assertEquals("SOCKS all:1080", proxy(environment, "http://hub.example/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hub.example", "example", ".example", "*.example", "a,HUB.example ", "hub.example:443", "*"})
    void someHostsAreAskedDirectly(String noProxy) {
        assertEquals(
                "DIRECT", proxy(Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", noProxy), "https://hub.example/x"));
    }

    @Test
    void aNameWithAnUnderscoreIsAHostToo() {
        Map<String, String> environment = Map.of("HTTP_PROXY", "http://proxy:1", "NO_PROXY", "my_mirror");
        assertEquals("DIRECT", proxy(environment, "http://my_mirror:8080/x"));
        assertEquals("HTTP proxy:1", proxy(environment, "http://my_storage:8080/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ub.example", "hub", "hub.example:80", "hub.example.org", ""})
    void otherHostsAreNot(String noProxy) {
        assertEquals(
                "HTTP proxy:1",
                proxy(Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", noProxy), "https://hub.example/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://me:hf_secret@proxy:1", "http://me:hf_secret@", "http://me:hf_secret @proxy"})
    void aValueThatIsNoAddressIsRefusedAndNotRepeated(String value) {
        String message = assertMisconfigured(() -> HubProxies.of(Map.of("HTTPS_PROXY", value)), "HTTPS_PROXY")
                .getMessage();
        assertFalse(message.contains("hf_secret"), message);
    }

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

    private static String proxy(Map<String, String> environment, String address) {
        Proxy proxy = HubProxies.of(environment)
                .selector()
                .select(URI.create(address))
                .get(0);
        return proxy.address() instanceof InetSocketAddress server
                ? proxy.type() + " " + server.getHostString() + ":" + server.getPort()
                : proxy.type().toString();
    }
}
