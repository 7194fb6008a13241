package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a job makes on the local disk where nobody disturbs it, to compare others with. Immutable.
 *
 * @param table the target
 * @param hashes the hashes in the store
 */
record UndisturbedRun(PublishedTable table, Set<String> hashes) {
    /** Runs the job that hashes, over the first rows of the quickstart's table. */
    static UndisturbedRun of(Path work, int rows, int waveRows) throws Exception {
        String source = work.resolve("source").toString();
        RemoteLake.writeSource(work, source, rows);
        RemoteLake lake = new RemoteLake(
                        source, Files.createDirectory(work.resolve("local")).toString())
                .withJob(RemoteLake.HASHED, waveRows);
        LocalRun.embed(lake.jobFile());
        return new UndisturbedRun(lake.table(), lake.storedHashes());
    }

    int texts() {
        return hashes.size();
    }

    /** Nothing is lost, nothing is double, and each bit of the table is the same. */
    void requireSame(RemoteLake lake) {
        assertEquals(hashes, lake.storedHashes());
        table.requireSame(lake.table());
    }
}
