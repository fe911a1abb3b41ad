using System.CommandLine;
using Impetus.Server.Hosting;
using Impetus.Server.Management;

namespace Impetus.Server.Cli;

/// <summary>`--model` of commands that open a model in their own process: by its id or its folder.</summary>
internal sealed class ModelOption
{
    private readonly Option<string?> _model;
    private readonly Option<string?> _home = new("--home") { Description = $"Data directory ({SettingsReader.HomeVariable}).", HelpName = "folder" };

    /// <param name="command">Gets the options.</param>
    /// <param name="standard">The id that is meant when none is given; null if one must be.</param>
    /// <param name="required">Whether a model must be named.</param>
    public ModelOption(Command command, string? standard = null, bool required = true)
    {
        Standard = standard;
        _model = new("--model")
        {
            Description = "A model's id (org/name) or its folder." + (standard is null ? "" : $" [default: {standard}]"),
            HelpName = "id|folder",
            Required = required && standard is null,
        };
        command.Options.Add(_model);
        command.Options.Add(_home);
    }

    private string? Standard { get; }

    /// <summary>What was named, or is meant without; null if neither.</summary>
    public string? Name(ParseResult parsed) => parsed.GetValue(_model) ?? Standard;

    /// <summary>The data directory.</summary>
    public DataDirectory Data(ParseResult parsed) =>
        DataDirectory.Locate(parsed.GetValue(_home) ?? Environment.GetEnvironmentVariable(SettingsReader.HomeVariable), Environment.GetEnvironmentVariable);

    /// <summary>The folder of the model that was named, which need not hold every file of a model; null if none was.</summary>
    /// <exception cref="ModelLoadException">There is none.</exception>
    public string? Folder(ParseResult parsed)
    {
        if (Name(parsed) is not { } model)
            return null;
        if (Directory.Exists(model))
            return model;
        var folders = new ModelFolders(Data(parsed));
        return folders.Find(model) ?? throw new ModelLoadException(
            $"There is no model '{model}': it is neither installed nor a folder. Installed are: {string.Join(", ", folders.Ids)}.");
    }
}
