namespace Impetus.Engine.Hub;

/// <summary>Whose a model's files are.</summary>
public enum ModelOrigin
{
    /// <summary>The data directory's.</summary>
    Installed,

    /// <summary>They travel with the product.</summary>
    Starter,

    /// <summary>The user's own, who added the folder.</summary>
    Added,

    /// <summary>Hugging Face's cache's.</summary>
    HuggingFace,

    /// <summary>LM Studio's.</summary>
    LmStudio,

    /// <summary>Another MLX program's.</summary>
    Mlx,
}

/// <summary>A model's folder, found on the disk. Whether the model can run is another question.</summary>
/// <param name="Id">What requests call it.</param>
/// <param name="Folder">Where its files are; absolute.</param>
/// <param name="Origin">Whose they are.</param>
/// <param name="Revision">The commit on Hugging Face that they are of, if it is known.</param>
public sealed record FoundModel(string Id, string Folder, ModelOrigin Origin, string? Revision = null);
