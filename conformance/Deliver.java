import java.nio.file.Path;
import java.util.List;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.error.UserException;
import org.dilort.export.ExportFolder;
import org.dilort.export.HuggingFaceFolder;
import org.dilort.export.ModelCard;
import org.dilort.model.RunLength;

/**
 * Writes {@code hf} and {@code export} from a training checkpoint as the end of a run does, for measurements:
 * {@code java -cp target/dil-ort.jar conformance/Deliver.java MODEL_DIR CHECKPOINT OUT_DIR}.
 */
public final class Deliver {
    private static final HuggingFaceFolder.Tuned AS_IT_IS = new HuggingFaceFolder.Tuned("", RunLength.SHORT);

    private Deliver() {}

    public static void main(String[] args) {
        if (args.length != 3) {
            System.err.println(
                    "usage: java -cp target/dil-ort.jar conformance/Deliver.java MODEL_DIR CHECKPOINT OUT_DIR");
            System.exit(2);
        }
        Path model = Path.of(args[0]);
        Path out = Path.of(args[2]);
        try (CheckpointReader trained = CheckpointReader.open(Path.of(args[1]))) {
            HuggingFaceFolder.writeLike(model, trained, AS_IT_IS, out.resolve("hf"));
            ExportFolder.write(out.resolve("hf"), trained, ModelCard.titled("measured"), out.resolve("export"));
        } catch (UserException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }
}
