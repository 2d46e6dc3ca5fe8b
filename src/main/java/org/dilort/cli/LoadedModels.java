package org.dilort.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.serve.AlignedModel;
import org.dilort.serve.Models;

/** The models of a server while it serves. */
final class LoadedModels implements AutoCloseable {
    private final Map<String, AlignedModel> open = new LinkedHashMap<>();

    private LoadedModels() {}

    static LoadedModels of(List<ServeCommand.NamedModel> wanted) {
        LoadedModels loaded = new LoadedModels();
        try {
            for (ServeCommand.NamedModel model : wanted) {
                loaded.open.put(model.name(), AlignedModel.load(model.path()));
            }
            return loaded;
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    Models models() {
        return new Models(open);
    }

    @Override
    public void close() {
        new ArrayList<>(open.values()).forEach(AlignedModel::close);
    }
}
