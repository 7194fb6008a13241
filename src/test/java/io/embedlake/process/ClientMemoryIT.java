package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large vectors, written out in full, many calls at once, and little memory. */
class ClientMemoryIT {
    private static final int TEXTS = 20_000;
    /** 100 vectors of 3072 values of 20 characters. */
    private static final int ANSWER_BYTES = 100 * 3072 * 20;

    @TempDir
    Path folder;

    @Test
    void sixtyFourCallsAtOnceFitAHeapOfHalfAGibibyte() throws Exception {
        List<String> command = new ArrayList<>(Project.java("-Xmx512m", "-XX:+UseParallelGC"));
        command.addAll(List.of(
                "-cp",
                Project.testClassPath(),
                "io.embedlake.remote.http.ClientBenchmark",
                Integer.toString(TEXTS),
                Integer.toString(ANSWER_BYTES),
                "1",
                "3072",
                "64"));
        try (RunningProcess running = RunningProcess.start(folder, Map.of(), command)) {
            String out = running.end().requireExit(0).out();
            System.out.print("ClientMemoryIT: " + out);
            JsonNode report = LocalRun.lines(out).get(0);
            assertEquals(TEXTS, report.get("embedded").asInt());
        }
    }
}
