package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job with a local model, driver and tasks in one JVM, opens no connection to another machine and looks up no other's name.
 * What native code would do is out of the recorder's sight.
 */
class OfflineIT {
    @TempDir
    Path folder;

    @Tag("heavy")
    @Test
    void jobWithALocalModelReachesNoOtherMachine() throws Exception {
        Path definitions = Project.definitions(folder.resolve("definitions.jsonl"), 100);
        Path byJob = folder.resolve("by-job");
        Path byProbes = folder.resolve("by-probes");
        List<String> command = new ArrayList<>(Project.java(
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-Djava.security.manager=" + ConnectionRecorder.class.getName(),
                "-Dlog4j2.configurationFile=embedlake-log4j2.properties"));
        command.addAll(List.of("-cp", Project.testClassPath(), OfflineRun.class.getName()));
        command.addAll(List.of(byJob.toString(), byProbes.toString()));
        command.addAll(
                List.of("embed", Project.ROOT.resolve("conf/quickstart.yaml").toString()));
        command.addAll(List.of("--set", "source.path=" + definitions));
        command.addAll(List.of("--set", "target.table=delta.`" + folder.resolve("table") + "`"));

        // The launcher's own word against reports of use is taken away: the library has to see to it alone.
        try (RunningProcess process = RunningProcess.start(folder, Map.of("OPT_OUT_TRACKING", ""), command)) {
            RunningProcess.Ended ended = process.end().requireExit(0);
            assertTrue(ended.out().contains("100 rows"), ended.out());
        }

        assertEquals(List.of(), Files.readAllLines(byJob));
        List<String> probes = Files.readAllLines(byProbes);
        assertEquals(4, probes.size(), probes.toString());
        assertTrue(probes.get(0).startsWith("look up embedlake.invalid"), probes.toString());
        assertTrue(probes.get(1).startsWith("connect to 198.51.100.7:443"), probes.toString());
        assertTrue(probes.get(2).startsWith("connect to 203.0.113.7:80"), probes.toString());
        assertTrue(probes.get(3).contains("embedlake.invalid"), probes.toString());
    }
}
