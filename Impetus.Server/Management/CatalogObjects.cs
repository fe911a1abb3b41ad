using System.Text.Json.Serialization;
using Impetus.Engine.Hub;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The models, by their ids.</param>
internal sealed record CatalogList(string Object, IReadOnlyList<CatalogObject> Data);

/// <param name="Id">What requests call it.</param>
/// <param name="State"><c>not_loaded</c>, <c>loading</c>, <c>ready</c>, <c>unloading</c> or <c>failed</c>.</param>
/// <param name="CanRun">Whether it can run here.</param>
/// <param name="Reason">Why it cannot.</param>
/// <param name="Uses">What it is for, of <c>chat</c>, <c>completion</c>, <c>embedding</c> and <c>rerank</c>.</param>
/// <param name="Architecture">The <c>model_type</c> of its configuration.</param>
/// <param name="Quantization">How its weights are stored.</param>
/// <param name="SizeBytes">Bytes of its weight files.</param>
/// <param name="ContextLength">Tokens that it was made for.</param>
/// <param name="NeededBytes">Memory that it takes with a short conversation; null if it cannot run.</param>
/// <param name="Fits">Whether so much is free now, or it is in memory; null if it cannot run.</param>
/// <param name="Licence">As its makers state it.</param>
/// <param name="Origin">Whose its files are.</param>
/// <param name="Path">Where its files are.</param>
/// <param name="Revision">The commit on Hugging Face that they are of.</param>
/// <param name="AlsoAt">Further folders with a model of this id, which are not used.</param>
/// <param name="Resident">More about it while it is in memory.</param>
internal sealed record CatalogObject(
    string Id,
    string State,
    bool CanRun,
    string? Reason,
    IReadOnlyList<string> Uses,
    string Architecture,
    string Quantization,
    long SizeBytes,
    int? ContextLength,
    long? NeededBytes,
    bool? Fits,
    string? Licence,
    string Origin,
    string Path,
    string? Revision,
    IReadOnlyList<string> AlsoAt,
    CatalogResidence? Resident)
{
    public static CatalogObject Of(CatalogModel model, ResidentModel? resident, long? neededBytes, bool? fits) => new(
        model.Id,
        CatalogResidence.Name(resident?.State),
        model.CanRun,
        model.Inspection.Fault,
        model.Inspection.Uses,
        model.Inspection.Architecture,
        model.Inspection.Quantization,
        model.Inspection.WeightBytes,
        model.Inspection.ContextLength,
        neededBytes,
        fits,
        model.Inspection.Licence,
        OriginOf(model.Found),
        model.Found.Folder,
        model.Found.Revision,
        [.. model.Copies.Select(copy => copy.Folder)],
        resident is null ? null : CatalogResidence.Of(resident));

    public static string OriginOf(FoundModel model) => model.Origin switch
    {
        ModelOrigin.HuggingFace => "huggingface",
        var other => other.ToString().ToLowerInvariant(),
    };
}

/// <param name="MemoryBytes">Bytes of its weights in memory; while it is loading, of those that are there already.</param>
/// <param name="TotalBytes">Bytes that will be; 0 if that is not known.</param>
/// <param name="InFlight">Requests that use it now.</param>
/// <param name="LastUsed">When a request last began or ended to use it, in seconds since 1970.</param>
/// <param name="ExpiresAt">When it is unloaded if nobody uses it, in seconds since 1970; null: not by the clock, or it is in use.</param>
/// <param name="Pinned">Whether it stays until it is unloaded by name.</param>
/// <param name="Backend">The engine that it lives in: <c>cpu</c> or <c>mlx</c>.</param>
/// <param name="Fault">Why it could not be loaded.</param>
internal sealed record CatalogResidence(
    long MemoryBytes, long TotalBytes, int InFlight, long LastUsed, long? ExpiresAt, bool Pinned, string Backend, string? Fault)
{
    public static CatalogResidence Of(ResidentModel model) => new(
        model.Bytes,
        model.TotalBytes,
        model.InFlight,
        model.LastUsed.ToUnixTimeSeconds(),
        model.ExpiresAt?.ToUnixTimeSeconds(),
        model.Pinned,
        model.Backend,
        model.Fault);

    /// <summary>A state as it is written; null: it is not in memory.</summary>
    public static string Name(ResidentState? state) => state switch
    {
        null or ResidentState.Unloaded => "not_loaded",
        { } other => other.ToString().ToLowerInvariant(),
    };
}

/// <param name="Models">The ids of the models that can be named now.</param>
/// <param name="Copied">Whether their files were copied into the data directory.</param>
/// <param name="Message">What was done and why, for people.</param>
internal sealed record AddedModelsObject(IReadOnlyList<string> Models, bool Copied, string Message);

/// <param name="Removed">The model's id, or the folder.</param>
/// <param name="FilesDeleted">Whether its files were deleted.</param>
/// <param name="Message">What was done, for people.</param>
internal sealed record RemovedModelObject(string Removed, bool FilesDeleted, string Message);

[JsonSerializable(typeof(AddedModelsObject))]
[JsonSerializable(typeof(RemovedModelObject))]
[JsonSerializable(typeof(CatalogList))]
[JsonSerializable(typeof(CatalogObject))]
internal sealed partial class CatalogJson : JsonSerializerContext
{
    public static CatalogJson Wire { get; } = new(WireFormat.Options());
}
