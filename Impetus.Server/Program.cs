return await Impetus.Server.Cli.ImpetusCommand.RunAsync(args);
