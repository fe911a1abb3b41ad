namespace Impetus.Server.Management;

/// <summary>A model that lies on this machine and can be named.</summary>
/// <param name="Id">What requests call it.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Folder">Where its files are.</param>
public sealed record InstalledModel(string Id, ModelKind Kind, string Folder);
