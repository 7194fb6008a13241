package io.embedlake.local.hub;

import io.embedlake.retry.Sleeper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread of one process at a time download a blob. The system releases it when the process dies. Confined to the
 * thread that acquired it, which closes it.
 */
final class BlobLock implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * A lock on a file excludes processes. Threads must not even open the file twice: on POSIX, closing one channel releases
     * the lock of all.
     */
    private static final Map<Path, ReentrantLock> OF_THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock ofThreads;
    private final FileChannel channel;

    private BlobLock(ReentrantLock ofThreads, FileChannel channel) {
        this.ofThreads = ofThreads;
        this.channel = channel;
    }

    /** Waits until the lock is free. The file stays afterwards: deleting it would let two holders in. */
    static BlobLock acquire(Path file, Sleeper sleeper) throws DiskException, InterruptedException {
        Path place = file.toAbsolutePath().normalize();
        ReentrantLock ofThreads = OF_THREADS.computeIfAbsent(place, path -> new ReentrantLock());
        ofThreads.lockInterruptibly();
        try {
            return new BlobLock(ofThreads, locked(place, sleeper));
        } catch (IOException e) {
            ofThreads.unlock();
            throw new DiskException(e);
        } catch (InterruptedException | RuntimeException e) {
            ofThreads.unlock();
            throw e;
        }
    }

    private static FileChannel locked(Path file, Sleeper sleeper) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            while (!tryLock(channel)) {
                sleeper.sleep(POLL);
            }
            return channel;
        } catch (IOException | InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Another class loader's copy of this class has it.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            // Releases the lock, too.
            channel.close();
        } catch (IOException e) {
            // The system releases it when the process ends; what it protected is done.
        } finally {
            ofThreads.unlock();
        }
    }
}
