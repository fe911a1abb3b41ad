namespace Impetus.Engine.Hub;

/// <summary>
/// Finds models in a folder that people or programs arranged: <c>org/name</c> as LM Studio and MLX's programs keep them, a model's own
/// folder, or Hugging Face's cache.
/// </summary>
public static class ModelTree
{
    private static readonly string[] Endings = [".safetensors", ".gguf", ".bin", ".pt", ".pth", ".part", ".incomplete"];

    /// <summary>Everything in a folder that looks like a model, whether it can run or not.</summary>
    /// <param name="root">The folder, which need not exist.</param>
    /// <param name="origin">Whose the models are.</param>
    public static IEnumerable<FoundModel> Find(string root, ModelOrigin origin)
    {
        if (HuggingFaceCache.FindIn(root, origin) is { } cached)
            return [cached];
        if (LooksLikeModel(root))
            return [Alone(root, origin)];
        return Folders.In(root).SelectMany(folder =>
            HuggingFaceCache.FindIn(folder, origin) is { } repository ? [repository]
            : LooksLikeModel(folder) ? [Alone(folder, origin)]
            : InOrganisation(folder, origin));
    }

    /// <summary>The models of a tree of <c>org/name</c> alone.</summary>
    public static IEnumerable<FoundModel> FindByOrganisation(string root, ModelOrigin origin) =>
        Folders.In(root).SelectMany(folder => InOrganisation(folder, origin));

    /// <summary>Whether a folder has what makes a model: a configuration or weights, of whatever format.</summary>
    public static bool LooksLikeModel(string folder) => Folders.FilesIn(folder).Any(file =>
        Path.GetFileName(file) is "config.json" or "modules.json" or "adapter_config.json"
            || Endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<FoundModel> InOrganisation(string folder, ModelOrigin origin)
    {
        string organisation = Path.GetFileName(folder);
        return ModelId.IsPart(organisation)
            ? Folders.In(folder).Where(model => ModelId.IsPart(Path.GetFileName(model)) && LooksLikeModel(model))
                .Select(model => new FoundModel($"{organisation}/{Path.GetFileName(model)}", model, origin))
            : [];
    }

    // A snapshot of the cache knows its name.
    private static FoundModel Alone(string folder, ModelOrigin origin) =>
        Path.GetFileName(Path.GetDirectoryName(folder)) == "snapshots" && ModelId.OfFolder(folder) is var id && ModelId.IsValid(id)
            ? new(id, folder, origin, Path.GetFileName(folder))
            : new(ModelId.OfLoneFolder(folder), folder, origin);
}
