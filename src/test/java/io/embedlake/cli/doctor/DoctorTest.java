package io.embedlake.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    Path folder;

    private static Map<String, Finding> examine(Path cache) {
        Map<String, Finding> findings = new LinkedHashMap<>();
        new Doctor(Map.of(), cache).examineMachine(findings::put);
        return findings;
    }

    @Test
    void findsAWholeMachineWithoutAnyFailure() {
        Map<String, Finding> findings = examine(folder);
        findings.forEach((name, finding) ->
                assertFalse(finding.status() == Finding.Status.FAILED, name + ": " + finding.detail()));
        for (String name : List.of("telemetry", "onnx runtime", "tokenizers", "golden vectors")) {
            assertEquals(
                    Finding.Status.OK,
                    findings.get(name).status(),
                    findings.get(name).detail());
        }
    }

    @Test
    void findsACacheThatCannotBeWritten() throws IOException {
        Finding finding =
                examine(Files.writeString(folder.resolve("file"), "no folder")).get("cache folder");
        assertEquals(Finding.Status.FAILED, finding.status());
        assertEquals(ErrorKind.STORAGE, finding.kind().orElseThrow());
        assertTrue(finding.detail().contains("Set EMBEDLAKE_CACHE"), finding.detail());
    }

    @Test
    void makesEveryCheckWhateverOthersThrow() {
        Map<String, Finding> findings = new LinkedHashMap<>();
        new Checks()
                .add("known", () -> {
                    throw new EmbedlakeException(ErrorKind.STORAGE, "Cannot read");
                })
                .add("defect", () -> {
                    throw new UnsatisfiedLinkError("gone");
                })
                .add("fine", () -> Finding.ok("yes"))
                .run(findings::put);
        assertEquals(List.of("known", "defect", "fine"), List.copyOf(findings.keySet()));
        assertEquals(ErrorKind.STORAGE, findings.get("known").kind().orElseThrow());
        assertTrue(findings.get("defect").kind().isEmpty());
        assertEquals(Finding.Status.OK, findings.get("fine").status());
    }
}
