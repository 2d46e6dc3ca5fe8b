package org.dilort.artifacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dilort.files.DurableFiles;
import org.dilort.weights.TensorInfo;

/**
 * A checkpoint as ONNX Runtime saves it, made smaller by the gradient sums: the first micro-batch of a step overwrites
 * them, so after a step they are of no use, yet they are as big as the weights. The session wants a tensor for each, which
 * a stretch of zeros that all of them share is.
 */
public final class SavedState {
    private static final int MOVED_BYTES = 4 << 20;

    private final CheckpointReader saved;
    private final FileChannel data;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOVED_BYTES);

    private SavedState(CheckpointReader saved, FileChannel data) {
        this.saved = saved;
        this.data = data;
    }

    /**
     * Moves what stays together, in the file itself; for a checkpoint that nobody reads yet, since it is of no use half
     * way.
     */
    public static void dropGradients(Path checkpoint) {
        Path dataFile = CheckpointFormat.dataFile(checkpoint);
        try (CheckpointReader saved = CheckpointReader.open(checkpoint);
                FileChannel data = FileChannel.open(dataFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            byte[] flatbuffer = new SavedState(saved, data).shrink();
            DurableFiles.replace(checkpoint, flatbuffer);
        } catch (IOException e) {
            throw new UncheckedIOException(checkpoint + ": cannot be made smaller", e);
        }
    }

    private byte[] shrink() throws IOException {
        long end = 0;
        long zeros = 0;
        Map<String, Long> offsets = new HashMap<>();
        List<TensorInfo> inFile = new ArrayList<>(saved.tensors().values());
        inFile.sort(Comparator.comparingLong(TensorInfo::offset));
        for (TensorInfo tensor : inFile) {
            if (isGradient(tensor)) {
                zeros = Math.max(zeros, tensor.bytes());
                continue;
            }
            move(tensor, end);
            offsets.put(tensor.name(), end);
            end += tensor.bytes();
        }
        data.truncate(end);
        if (zeros > 0) {
            data.write(ByteBuffer.allocate(1), end + zeros - 1);
        }
        CheckpointBytes content = new CheckpointBytes();
        for (CheckpointRole role : CheckpointRole.values()) {
            for (String name : saved.names(role)) {
                long offset = offsets.getOrDefault(name, CheckpointBytes.AT_THE_END);
                content.add(role, name, saved.info(name).shape(), offset);
            }
        }
        return content.toBytes(end);
    }

    private boolean isGradient(TensorInfo tensor) {
        return StateNames.isGradient(tensor.name(), saved::contains);
    }

    private void move(TensorInfo tensor, long to) throws IOException {
        if (to > tensor.offset() || tensor.file().equals(saved.location())) {
            throw new IllegalArgumentException(tensor.name()
                    + ": its data overlaps with another's or is not external; ONNX Runtime writes none such");
        }
        for (long done = 0; to < tensor.offset() && done < tensor.bytes(); ) {
            buffer.clear().limit((int) Math.min(MOVED_BYTES, tensor.bytes() - done));
            int count = data.read(buffer, tensor.offset() + done);
            if (count < 0) {
                throw new IOException("the data ends in " + tensor.name());
            }
            buffer.flip();
            for (long at = to + done; buffer.hasRemaining(); ) {
                at += data.write(buffer, at);
            }
            done += count;
        }
    }
}
