using Impetus.Engine.Hub;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>A folder beside the data directory in which models may be.</summary>
/// <param name="Origin">Whose they are.</param>
/// <param name="Path">The folder, which need not exist.</param>
/// <param name="Id">What the one model in it is called, if the user said.</param>
public sealed record ModelPlace(ModelOrigin Origin, string Path, string? Id = null)
{
    /// <summary>The models that are there now.</summary>
    public IEnumerable<FoundModel> Find()
    {
        if (Origin == ModelOrigin.HuggingFace)
            return HuggingFaceCache.Find(Path);
        var found = ModelTree.Find(Path, Origin);
        return Id is null ? found : found.Take(1).Select(model => model with { Id = Id });
    }
}

/// <summary>
/// Where models are beside the data directory's: the folder that the settings name, those that the user added, and, where it is allowed,
/// those of other programs.
/// </summary>
/// <param name="named">The folder that the settings name as the model; null if they name an id.</param>
/// <param name="allowed">Whose models may be used.</param>
/// <param name="added">The user's own folders.</param>
/// <param name="environment">The value of a variable.</param>
/// <param name="home">The user's home folder.</param>
public sealed class ModelPlaces(string? named, IReadOnlySet<ModelOrigin> allowed, AddedModels added, Func<string, string?> environment, string home)
{
    private const int MaxPointer = 4096;

    /// <summary>The places as the settings and this machine have them.</summary>
    public static ModelPlaces Of(ServerSettings settings, AddedModels added) => new(
        Directory.Exists(settings.Model) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.Model)) : null,
        settings.OtherModels,
        added,
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Those that may be looked into, in the order in which they count.</summary>
    public IReadOnlyList<ModelPlace> All =>
        [.. named is null ? [] : new[] { new ModelPlace(ModelOrigin.Added, named) }, .. added.All, .. Others().Where(place => allowed.Contains(place.Origin))];

    private IEnumerable<ModelPlace> Others()
    {
        yield return new(ModelOrigin.HuggingFace, HuggingFaceCache.Locate(environment, home));
        yield return new(ModelOrigin.LmStudio, Path.Combine(LmStudioHome(), "models"));
        yield return new(ModelOrigin.LmStudio, Path.Combine(home, ".cache", "lm-studio", "models"));
        // Where Swift's Hub library downloads to, and what other servers use.
        yield return new(ModelOrigin.Mlx, Path.Combine(home, "Documents", "huggingface", "models"));
        yield return new(ModelOrigin.Mlx, Path.Combine(home, "MLXModels"));
        yield return new(ModelOrigin.Mlx, Path.Combine(home, ".omlx", "models"));
    }

    /// <summary>LM Studio's folder, which its user may have moved.</summary>
    private string LmStudioHome()
    {
        try
        {
            var pointer = new FileInfo(Path.Combine(home, ".lmstudio-home-pointer"));
            if (pointer is { Exists: true, Length: > 0 and <= MaxPointer } && File.ReadAllText(pointer.FullName).Trim() is var moved && Path.IsPathFullyQualified(moved))
                return moved;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Then it is where it usually is.
        }

        return Path.Combine(home, ".lmstudio");
    }
}
