package org.dilort.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.dilort.files.DurableFiles;

/**
 * A folder of tokenised data sets, each in a file that is named by what it was made from. All numbers are big-endian.
 *
 * <pre>
 * magic      8 bytes   "DILTOKEN"
 * version    int32     1
 * key        32 bytes  SHA-256 of what the tokens depend on
 * report     int32 n, n bytes of JSON: what was found in the files, of the training set and of the held-out set
 * twice, the training set and the held-out set:
 *   pairs    int32 n
 *   n times  int64 number of the pair; 5 times int32 length, then that many int32 ids: trunk, chosen lead, chosen
 *            response, rejected lead, rejected response
 * crc        int32     CRC-32C of all bytes before it
 * </pre>
 *
 * <p>Files are written beside, under a name of the process's own, and moved into place. One that is damaged, or of another version, is made again.
 */
public final class PreparedData {
    static final byte[] MAGIC = "DILTOKEN".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;
    private static final String SUFFIX = ".tokens";
    private static final int KEY_BYTES = 32;
    private static final int BUFFER = 1 << 20;
    private static final int LONGEST_REPORT = 1 << 26;

    private final Path folder;
    private final Consumer<String> warnings;

    public PreparedData(Path folder, Consumer<String> warnings) {
        this.folder = folder;
        this.warnings = warnings;
    }

    /** Where the data set of a key is or will be. */
    public Path file(String key) {
        return folder.resolve(key + SUFFIX);
    }

    /** @param key SHA-256, 64 hexadecimal digits */
    public Optional<SplitDataset> find(String key) {
        Path file = file(key);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return Optional.of(new Reader(channel).read(key));
        } catch (IOException | IllegalArgumentException e) {
            warnings.accept(file + ": damaged (" + e.getMessage() + "); the data is prepared again");
            return Optional.empty();
        }
    }

    /** Keeps a data set; a disk that is full or not writable is a warning, because the run has what it needs. */
    public void keep(String key, SplitDataset data) {
        try {
            Files.createDirectories(folder);
            Path temporary = folder.resolve(key + "." + ProcessHandle.current().pid() + ".tmp");
            try {
                try (FileChannel channel = FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
                    new Writer(channel).write(key, data);
                    channel.force(true);
                }
                Files.move(temporary, file(key), StandardCopyOption.ATOMIC_MOVE);
                DurableFiles.syncFolder(folder.toAbsolutePath());
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            warnings.accept("data.cache: " + folder + ": prepared data is not kept: " + DurableFiles.reason(e));
        }
    }

    private static byte[] digest(String key) {
        return HexFormat.of().parseHex(key);
    }

    /** Numbers through a buffer, with their checksum. */
    private static final class Writer {
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        private final CRC32C crc = new CRC32C();

        Writer(FileChannel channel) {
            this.channel = channel;
        }

        void write(String key, SplitDataset data) throws IOException {
            bytes(MAGIC);
            number(VERSION);
            bytes(digest(key));
            byte[] report = PreparedReport.toBytes(data);
            number(report.length);
            bytes(report);
            for (PairDataset set : List.of(data.train(), data.heldOut())) {
                number(set.pairs().size());
                for (TokenizedPair pair : set.pairs()) {
                    pair(pair);
                }
            }
            flush();
            number((int) crc.getValue());
            flush();
        }

        private void pair(TokenizedPair pair) throws IOException {
            number((int) (pair.index() >>> Integer.SIZE));
            number((int) pair.index());
            for (int[] part : pair.parts()) {
                number(part.length);
                for (int id : part) {
                    number(id);
                }
            }
        }

        private void number(int value) throws IOException {
            if (buffer.remaining() < Integer.BYTES) {
                flush();
            }
            buffer.putInt(value);
        }

        private void bytes(byte[] values) throws IOException {
            for (int at = 0; at < values.length; ) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                int count = Math.min(buffer.remaining(), values.length - at);
                buffer.put(values, at, count);
                at += count;
            }
        }

        private void flush() throws IOException {
            crc.update(buffer.array(), 0, buffer.position());
            DurableFiles.writeFully(channel, buffer.flip());
            buffer.clear();
        }
    }

    /** Reads with the file's length as the limit of everything that is allocated. */
    private static final class Reader {
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
        private final CRC32C crc = new CRC32C();
        private long left;

        Reader(FileChannel channel) throws IOException {
            this.channel = channel;
            this.left = channel.size() - Integer.BYTES;
        }

        SplitDataset read(String key) throws IOException {
            require(Arrays.equals(bytes(MAGIC.length), MAGIC), "no file of prepared data");
            require(number() == VERSION, "another version");
            require(Arrays.equals(bytes(KEY_BYTES), digest(key)), "another key");
            int length = number();
            require(length >= 0 && length <= LONGEST_REPORT, "a report of " + length + " bytes");
            byte[] report = bytes(length);
            List<TokenizedPair> train = pairs();
            List<TokenizedPair> heldOut = pairs();
            require(left == 0, left + " bytes too many");
            requireChecksum();
            return PreparedReport.dataset(report, train, heldOut);
        }

        private List<TokenizedPair> pairs() throws IOException {
            int count = number();
            require(count >= 0 && count <= left / Long.BYTES, count + " pairs");
            List<TokenizedPair> pairs = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                long index = (long) number() << Integer.SIZE | number() & 0xffffffffL;
                pairs.add(new TokenizedPair(index, ids(), ids(), ids(), ids(), ids()));
            }
            return pairs;
        }

        private int[] ids() throws IOException {
            int count = number();
            require(count >= 0 && count <= left / Integer.BYTES, count + " tokens");
            int[] ids = new int[count];
            for (int i = 0; i < count; i++) {
                ids[i] = number();
            }
            return ids;
        }

        private int number() throws IOException {
            require(left >= Integer.BYTES, "cut off");
            left -= Integer.BYTES;
            if (buffer.remaining() < Integer.BYTES) {
                fill();
            }
            return buffer.getInt();
        }

        private byte[] bytes(int count) throws IOException {
            require(left >= count, "cut off");
            left -= count;
            byte[] values = new byte[count];
            for (int at = 0; at < count; ) {
                if (!buffer.hasRemaining()) {
                    fill();
                }
                int some = Math.min(buffer.remaining(), count - at);
                buffer.get(values, at, some);
                at += some;
            }
            return values;
        }

        /** What is read is checksummed up to the checksum itself. */
        private void fill() throws IOException {
            int kept = buffer.remaining();
            buffer.compact();
            int before = buffer.position();
            long until = channel.size() - Integer.BYTES - channel.position();
            buffer.limit((int) Math.min(buffer.capacity(), before + Math.max(0, until)));
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            crc.update(buffer.array(), before, buffer.position() - before);
            require(buffer.position() > kept, "cut off");
            buffer.flip();
        }

        private void requireChecksum() throws IOException {
            ByteBuffer sum = ByteBuffer.allocate(Integer.BYTES);
            while (sum.hasRemaining() && channel.read(sum) >= 0) {
                continue;
            }
            require(!sum.hasRemaining() && sum.getInt(0) == (int) crc.getValue(), "the checksum differs");
        }

        private static void require(boolean good, String problem) throws IOException {
            if (!good) {
                throw new IOException(problem);
            }
        }
    }
}
